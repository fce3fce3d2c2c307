//! What all pages share: the shell around the content, links, and text that may hold addresses.
//!
//! A page is a pure function of records and of [`Links`], which says where things live: beside each other in a folder
//! today, behind the local viewer's addresses later. Every page stands alone: its style is inside, it runs no script but
//! at most one of our own, and its content security policy lets nothing be loaded but pictures, sound and films from
//! beside it, and data of ours where a page searches. So it opens from `file://` on a phone, and from a mail that carries
//! the page alone.
//!
//! [`Html`] is the one type that templates do not escape. It is made only here, out of templates that escape.

mod folding;
mod html;
mod links;
mod numbers;
mod rich;
mod shell;
mod url;

pub use folding::with_folding;
pub use html::Html;
pub(crate) use links::SavedFiles;
pub use links::{LinkTarget, Links, PhotoView, encode_path, relative};
pub use numbers::{count, plural, size};
pub use rich::Rich;
pub use shell::{Shell, complete_loader_page, complete_page};
pub use url::safe_url;
