//! The port through which records come that stand by themselves: calls, voicemails, and whatever is a list. What belongs
//! together by its nature has a port of its own: conversations ([`messages`](crate::messages)), the albums and files of a photo
//! library ([`photos`](crate::photos)), linked cards ([`contacts`](crate::contacts)).

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use crate::selection::Selection;
use crate::skipped::Skipped;

/// A reader of records that stand by themselves.
pub trait Records {
    /// One of them.
    type Record;
    /// Which are asked for. The default asks for all.
    type Filter: AsRef<Selection> + Default;

    /// How many there are at most, where that costs little to know.
    fn count(&self, filter: &Self::Filter) -> Option<u64>;

    /// Hands on those that are asked for, in the order that the kind promises, until it is told to stop. What could not be read
    /// is in the list that is returned.
    fn each(&self, filter: &Self::Filter, each: &mut dyn FnMut(Self::Record) -> ControlFlow<()>) -> Vec<Skipped>;

    /// The numbers and addresses of everybody whom any of them names, and names where that is all there is.
    fn addresses(&self) -> BTreeSet<String>;
}

/// Records that were chosen already, for whoever writes them.
pub trait Feed<T> {
    /// Hands them on in order until it is told to stop, and returns what could not be read.
    fn each(&self, each: &mut dyn FnMut(T) -> ControlFlow<()>) -> Vec<Skipped>;
}

/// What a reader gives of what is asked for.
pub struct Chosen<'r, R: Records> {
    /// The reader.
    pub records: &'r R,
    /// What is asked for.
    pub filter: &'r R::Filter,
}

impl<R: Records> Feed<R::Record> for Chosen<'_, R> {
    fn each(&self, each: &mut dyn FnMut(R::Record) -> ControlFlow<()>) -> Vec<Skipped> {
        self.records.each(self.filter, each)
    }
}

/// What a reader found: the records, and what it had to leave out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading<T> {
    /// The records, in the order that the reader promises.
    pub records: Vec<T>,
    /// What could not be read.
    pub skipped: Vec<Skipped>,
}

impl<T> Reading<T> {
    /// All that comes.
    pub fn of(feed: &dyn Feed<T>) -> Self {
        let mut records = Vec::new();
        let skipped = feed.each(&mut |record| {
            records.push(record);
            ControlFlow::Continue(())
        });
        Self { records, skipped }
    }
}

impl<T> Default for Reading<T> {
    fn default() -> Self {
        Self { records: Vec::new(), skipped: Vec::new() }
    }
}

impl<T: Clone> Feed<T> for Reading<T> {
    fn each(&self, each: &mut dyn FnMut(T) -> ControlFlow<()>) -> Vec<Skipped> {
        _ = self.records.iter().cloned().try_for_each(each);
        self.skipped.clone()
    }
}

/// Records of a kind that is read completely.
#[derive(Debug, Clone, Copy)]
pub struct Listed<'r, T> {
    /// The records, in the order that the kind promises.
    pub records: &'r [T],
    /// What could not be read.
    pub skipped: &'r [Skipped],
}

impl<T: Clone> Feed<T> for Listed<'_, T> {
    fn each(&self, each: &mut dyn FnMut(T) -> ControlFlow<()>) -> Vec<Skipped> {
        _ = self.records.iter().cloned().try_for_each(each);
        self.skipped.to_vec()
    }
}

impl AsRef<Selection> for Selection {
    fn as_ref(&self) -> &Selection {
        self
    }
}
