//! Kinds that are conversations, in everything that a command does with them: what can be typed, which of them it means, and how
//! they are shown, listed and written. A kind needs no more than a reader
//! ([`ChatReader`](corer_schemas::messages::ChatReader)).

mod args;
mod chosen;
mod job;
mod list;
mod named;
mod select;

pub use args::ConversationArgs;
pub use job::ConversationsJob;
pub use named::may_mean_lonely;
