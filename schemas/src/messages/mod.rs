//! Messages: iMessage, SMS, RCS and satellite conversations from `Library/SMS/sms.db` of iOS 5 to 26.
//!
//! [`model`] is the neutral model that every format is written from.

pub mod model;

pub use model::{Attachment, AttachmentContent, Chat, Handle, Message, MessageKind};
