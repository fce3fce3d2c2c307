//! Elements with what is in them. Every value is escaped by the engine of the templates.

use askama::Template;

use crate::page::Html;

/// An attribute.
pub(super) type Attribute<'a> = (&'static str, &'a str);

#[derive(Template)]
#[template(
    source = "<{{ tag }}{% for attribute in attributes %} {{ attribute.0 }}=\"{{ attribute.1 }}\"{% endfor %}>",
    ext = "html"
)]
struct Open<'a> {
    tag: &'static str,
    attributes: &'a [Attribute<'a>],
}

#[derive(Template)]
#[template(source = "</{{ tag }}>", ext = "html")]
struct Close {
    tag: &'static str,
}

/// Begins an element, or puts one that has nothing in it.
pub(super) fn open(html: &mut Html, tag: &'static str, attributes: &[Attribute<'_>]) {
    html.push(&Open { tag, attributes });
}

/// Ends an element.
pub(super) fn close(html: &mut Html, tag: &'static str) {
    html.push(&Close { tag });
}

/// An element with what is in it.
pub(super) fn element(tag: &'static str, attributes: &[Attribute<'_>], inner: &Html) -> Html {
    let mut html = Html::default();
    open(&mut html, tag, attributes);
    html.append(inner);
    close(&mut html, tag);
    html
}
