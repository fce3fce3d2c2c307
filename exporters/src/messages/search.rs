//! The search index: what all messages say, in files that the start page's script loads one after the other.
//!
//! A page that was opened from `file://` can read other files only as scripts, so each is one call:
//!
//! ```text
//! search/index.js   corer({"shards":["1.js",…],"messages":2510,"chats":{"12":["Anna","../Anna/"],…}})
//! search/1.js       corer([[12,1,["Me","Anna"],[["m-1F3A9C02",25812345,1,"See you there"],…]],…])
//! ```
//!
//! A shard is a list of blocks, and a block is a page: its conversation, its number, who writes on it, and its messages
//! with their mark on the page, the minute in the zone of the export (since 1970, or `null`), who, and what it says. What
//! a message says stands there as written: folding case and accents is up to the script. A shard ends with a page, so a
//! new message changes the shard that its page is in and no other.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde_json::json;

use super::run::{ExportRun, SEARCH};
use super::scratch::{SearchBlock, Stream};
use crate::clock::Moment;
use crate::output::{ExportError, SafePath};

/// The file that names the others.
pub(super) const INDEX: &str = "index.js";

/// A shard is ended by the first page with which it has this many bytes.
const SHARD: u64 = 512 * 1024;

/// How much room a page keeps for the next one, in bytes.
const ROOM: usize = 1024 * 1024;

/// A page in the index that is being put together.
#[derive(Default)]
pub(super) struct Page {
    who: Vec<String>,
    rows: Vec<u8>,
    messages: u64,
}

impl Page {
    /// Adds a message.
    pub(super) fn push(&mut self, mark: &str, moment: Option<&Moment>, who: &str, words: &str) -> io::Result<()> {
        if words.is_empty() {
            return Ok(());
        }
        let person = self.who.iter().position(|name| name == who).unwrap_or_else(|| {
            self.who.push(who.to_owned());
            self.who.len() - 1
        });
        self.rows.extend_from_slice(if self.rows.is_empty() { b"[" } else { b",[" });
        serde_json::to_writer(&mut self.rows, mark)?;
        match moment {
            Some(moment) => write!(self.rows, ",{}", moment.local_minutes())?,
            None => self.rows.extend_from_slice(b",null"),
        }
        write!(self.rows, ",{person},")?;
        serde_json::to_writer(&mut self.rows, words)?;
        self.rows.push(b']');
        self.messages += 1;
        Ok(())
    }

    /// Ends the page and hands it on, and starts the next.
    pub(super) fn end(&mut self, chat: i64, page: usize, to: &mut Stream) -> io::Result<Option<SearchBlock>> {
        if self.messages == 0 {
            return Ok(None);
        }
        let start = to.len;
        write!(to, "[{chat},{page},")?;
        serde_json::to_writer(&mut *to, &self.who)?;
        to.write_all(b",[")?;
        to.write_all(&self.rows)?;
        to.write_all(b"]]")?;
        let block = SearchBlock { range: start..to.len, messages: self.messages };
        *self = Self { rows: std::mem::take(&mut self.rows), ..Self::default() };
        self.rows.clear();
        // What one long message needed is not kept.
        self.rows.shrink_to(ROOM);
        Ok(Some(block))
    }
}

/// The index that is being written, from pages in their order.
pub(super) struct Index<'r> {
    run: &'r ExportRun<'r>,
    shard: Vec<u8>,
    shards: Vec<String>,
    messages: u64,
    chats: BTreeMap<i64, [String; 2]>,
}

impl<'r> Index<'r> {
    pub(super) fn new(run: &'r ExportRun<'r>) -> Self {
        Self { run, shard: Vec::new(), shards: Vec::new(), messages: 0, chats: BTreeMap::new() }
    }

    /// Adds the pages of a conversation, which has this title and whose pages are at this address.
    pub(super) fn add(
        &mut self,
        chat: i64,
        title: &str,
        folder: String,
        blocks: &[SearchBlock],
        from: &mut Stream,
    ) -> Result<(), ExportError> {
        for block in blocks {
            self.shard.extend_from_slice(if self.shard.is_empty() { b"corer([\n" } else { b",\n" });
            from.copy(&block.range, &mut self.shard).map_err(|e| self.run.scratch_failed(e))?;
            self.messages += block.messages;
            if self.shard.len() as u64 >= SHARD {
                self.end_shard()?;
            }
        }
        if !blocks.is_empty() {
            self.chats.insert(chat, [title.to_owned(), folder]);
        }
        Ok(())
    }

    /// Writes what remains, and the file that names all others.
    pub(super) fn finish(mut self) -> Result<(), ExportError> {
        if !self.shard.is_empty() {
            self.end_shard()?;
        }
        let index = json!({ "shards": self.shards, "messages": self.messages, "chats": self.chats });
        self.write(INDEX, format!("corer({index})\n").as_bytes())
    }

    fn end_shard(&mut self) -> Result<(), ExportError> {
        self.shard.extend_from_slice(b"\n])\n");
        let name = format!("{}.js", self.shards.len() + 1);
        let shard = std::mem::take(&mut self.shard);
        self.write(&name, &shard)?;
        self.shards.push(name);
        Ok(())
    }

    fn write(&self, name: &str, bytes: &[u8]) -> Result<(), ExportError> {
        let path = self.run.options.base.then(&SafePath::new(SEARCH).join(name));
        self.run.tree.write(&path, bytes)?;
        Ok(())
    }
}
