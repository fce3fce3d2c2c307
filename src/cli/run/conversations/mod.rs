//! Kinds that are conversations, in everything that a command does with them: what can be typed, which of them it means, and how
//! they are shown, listed and written. A kind needs no more than a reader
//! ([`ChatReader`](corer_schemas::messages::ChatReader)).

mod args;
mod chat_names;
mod job;
mod list;
mod select;
mod selected_chats;

pub use args::ConversationArgs;
pub use chat_names::may_mean_orphans;
pub use job::ConversationsJob;
