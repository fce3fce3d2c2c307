//! Pages whose every word was typed by a stranger: nothing of it may run, load, or lead anywhere but where it says.

use corer_exporters::page::with_folding;
use std::path::Path;

use crate::common::{Memory, about, export_to, filter, listing, options};
use corer_schemas::messages::{AttachmentContent, MessageKind, Service};
use html5ever::tendril::TendrilSink;
use html5ever::{ParseOpts, parse_document};
use markup5ever_rcdom::{Handle, NodeData, RcDom};
use tempfile::TempDir;

const PAYLOADS: [&str; 30] = [
    "<script>alert(1)</script>",
    "</title><script>alert(1)</script>",
    "</style><script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "'><svg onload=alert(1)>",
    "` onmouseover=alert(1) x=`",
    "\" onfocus=alert(1) autofocus x=\"",
    "<iframe src=https://evil.example></iframe>",
    "<base href=https://evil.example/>",
    "<meta http-equiv=refresh content='0;url=https://evil.example'>",
    "<link rel=stylesheet href=//evil.example/x.css>",
    "<form action=https://evil.example><input name=a></form>",
    "<object data=x></object><embed src=x>",
    "<style>@import url(//evil.example)</style>",
    "<math><mtext></mtext><mglyph><style><img src=x onerror=alert(1)></style>",
    "javascript:alert(1)",
    "JaVaScRiPt://evil.example/%0aalert(1)",
    "data:text/html,<script>alert(1)</script>",
    "file:///etc/passwd",
    "//evil.example/x",
    "\\\\evil.example\\share",
    "{{7*7}}{% include \"x\" %}",
    "&lt;script&gt;&#x3c;script&#x3e;",
    "--><script>alert(1)</script><!--",
    "]]><script>alert(1)</script>",
    "\u{202e}gpj.exe\u{202c}",
    "a\0b\u{1}\u{7f}",
    "mailto:x@evil.example?bcc=y@evil.example",
    "tel:+1;<b>",
    "vbscript:msgbox(1)",
];

/// A life in which every field that a stranger can fill holds a payload.
fn hostile() -> Memory {
    let mut memory = Memory::default();
    for payload in PAYLOADS {
        let chat = memory.chat(payload, Some(payload), &[(payload, Some(payload)), ("+1", Some(payload))]);
        memory.chat(payload, None, &[(payload, None)]);
        crate::common::kinds::add(&mut memory, &|_| payload.to_owned());
        let kinds = [
            MessageKind::Normal,
            crate::common::tapback(),
            crate::common::announcement(),
            crate::common::app(payload),
            MessageKind::Unsupported { what: payload.to_owned() },
        ];
        for kind in kinds {
            let message = memory.say(chat, Some(0), "2020-01-01T10:00:00", payload);
            message.kind = kind;
            message.guid = Some(payload.to_owned());
            message.service = Some(Service::Other(payload.to_owned()));
            message.subject = Some(payload.to_owned());
            memory.attach(chat, payload, Some(payload), Some(payload.as_bytes()));
            memory.attach(chat, &format!("{payload}.jpg"), None, Some(b"x"));
            memory.attach(chat, &format!("{payload}.svg"), Some("image/png"), Some(b"<svg onload=alert(1)>"));
            memory.attach(chat, &format!("{payload}.html"), Some("video/mp4"), Some(b"<script>alert(1)</script>"));
            memory.attach(chat, &format!("{payload}.mov"), None, None);
            memory.attach_content(chat, payload, None, AttachmentContent::Unknown(payload.to_owned()));
        }
    }
    memory
}

fn export_hostile(folder: &Path) {
    let mut options = options(2);
    options.search = true;
    options.formats.txt = true;
    options.formats.csv = true;
    options.owner = Some(PAYLOADS[4].to_owned());
    options.about = about();
    options.about.device = Some(PAYLOADS[0].to_owned());
    options.about.time_zone = PAYLOADS[1].to_owned();
    options.about.filters = vec![filter("with", PAYLOADS[3])];
    export_to(folder, &hostile(), &options);
}

#[test]
fn nothing_that_a_stranger_wrote_runs_or_loads() {
    let folder = TempDir::new().unwrap();
    export_hostile(folder.path());
    let mut pages = 0;
    for (name, bytes) in listing(folder.path()) {
        if name.ends_with(".html") && !name.starts_with("attachments/") {
            check(&name, &parse(&bytes));
            pages += 1;
        }
    }
    assert!(pages > PAYLOADS.len(), "{pages}");
}

#[test]
fn the_search_index_is_nothing_but_data() {
    let folder = TempDir::new().unwrap();
    export_hostile(folder.path());
    let mut messages = 0;
    for (name, bytes) in listing(folder.path()) {
        if let Some(file) = name.strip_prefix("search/") {
            let text = String::from_utf8(bytes).unwrap();
            let data = text.strip_prefix("corer(").and_then(|text| text.strip_suffix(")\n")).unwrap();
            let data: serde_json::Value = serde_json::from_str(data).unwrap();
            match file {
                "index.js" => assert!(data["shards"].as_array().is_some_and(|shards| !shards.is_empty())),
                _ => {
                    let blocks = data.as_array().unwrap();
                    messages += blocks.iter().map(|block| block[3].as_array().unwrap().len()).sum::<usize>();
                }
            }
        }
    }
    assert!(messages > PAYLOADS.len() * 50, "{messages}");
}

#[test]
fn what_a_stranger_wrote_is_shown_as_text() {
    let folder = TempDir::new().unwrap();
    export_hostile(folder.path());
    let mut shown = String::new();
    for (name, bytes) in listing(folder.path()) {
        if name.ends_with("index.html") {
            text_of(&parse(&bytes), &mut shown);
        }
    }
    // A parser makes U+FFFD of NUL.
    for payload in PAYLOADS.iter().filter(|payload| !payload.contains('\0')) {
        assert!(shown.contains(payload), "{payload}");
    }
}

fn parse(bytes: &[u8]) -> Handle {
    parse_document(RcDom::default(), ParseOpts::default()).from_utf8().one(bytes).document
}

fn children(node: &Handle) -> Vec<Handle> {
    node.children.borrow().clone()
}

fn text_of(node: &Handle, text: &mut String) {
    if let NodeData::Text { contents } = &node.data {
        text.push_str(&contents.borrow());
    }
    children(node).iter().for_each(|child| text_of(child, text));
}

/// The elements that our templates use.
const ELEMENTS: [&str; 45] = [
    "a", "audio", "b", "bdi", "body", "circle", "dd", "details", "div", "dl", "dt", "footer", "h1", "h2", "head",
    "header", "html", "i", "img", "input", "label", "li", "main", "meta", "meter", "nav", "ol", "option", "p", "path",
    "q", "s", "script", "section", "select", "small", "span", "style", "summary", "svg", "time", "title", "u", "ul",
    "video",
];

/// The attributes that our templates use.
const ATTRIBUTES: [&str; 46] = [
    "alt",
    "aria-hidden",
    "aria-label",
    "autocomplete",
    "charset",
    "class",
    "content",
    "controls",
    "cx",
    "cy",
    "d",
    "data-count",
    "data-index",
    "data-kind",
    "datetime",
    "dir",
    "download",
    "fill",
    "fill-rule",
    "for",
    "height",
    "hidden",
    "href",
    "http-equiv",
    "id",
    "lang",
    "loading",
    "max",
    "name",
    "placeholder",
    "preload",
    "r",
    "rel",
    "role",
    "spellcheck",
    "src",
    "stroke",
    "stroke-linecap",
    "stroke-linejoin",
    "stroke-width",
    "tabindex",
    "title",
    "transform",
    "type",
    "value",
    "width",
];

/// Attributes of pictures, and what their values are made of.
const DRAWN: [(&str, &str); 11] = [
    ("d", "MLCZ0123456789.- "),
    ("fill", "#0123456789abcdefnoecurrentColor"),
    ("stroke", "#0123456789abcdefnoecurrentColor"),
    ("stroke-width", "0123456789."),
    ("cx", "0123456789.-"),
    ("cy", "0123456789.-"),
    ("r", "0123456789."),
    ("viewBox", "0123456789. "),
    ("transform", "translate(0123456789.- )rotate"),
    ("max", "0123456789"),
    ("value", "0123456789onegroupamcut"),
];

fn check(page: &str, node: &Handle) {
    if let NodeData::Element { name, attrs, .. } = &node.data {
        let element = name.local.to_string();
        assert!(ELEMENTS.contains(&&*element), "{page}: <{element}>");
        for attribute in attrs.borrow().iter() {
            let (name, value) = (attribute.name.local.to_string(), attribute.value.to_string());
            assert!(ATTRIBUTES.contains(&&*name) || name == "viewBox", "{page}: <{element} {name}>");
            if let Some((_, letters)) = DRAWN.iter().find(|(own, _)| *own == name) {
                assert!(value.chars().all(|c| letters.contains(c)), "{page}: <{element} {name}={value}>");
            }
            match &*name {
                "href" => assert!(is_local(&value) || is_allowed(&value), "{page}: {value}"),
                "src" => assert!(is_local(&value), "{page}: {value}"),
                "id" => {
                    assert!(value.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b)), "{page}: {value}")
                }
                "http-equiv" => assert_eq!(value, "Content-Security-Policy", "{page}"),
                _ => {}
            }
        }
        if element == "script" {
            let mut script = String::new();
            text_of(node, &mut script);
            assert_eq!(
                (page, &*script),
                ("index.html", &*with_folding(include_str!("../../src/messages/html/start.js"))),
                "no script but our own"
            );
            return;
        }
        if element == "style" {
            let mut style = String::new();
            text_of(node, &mut style);
            assert!(!style.contains("evil") && style.starts_with(":root{"), "{page}: {style}");
            return;
        }
    }
    children(node).iter().for_each(|child| check(page, child));
}

/// A reference to a page or file of the same export.
fn is_local(address: &str) -> bool {
    let path = address.split('#').next().unwrap();
    !path.contains([':', '\\', '?']) && !path.starts_with('/')
}

fn is_allowed(address: &str) -> bool {
    ["http://", "https://", "mailto:", "tel:", "sms:"].iter().any(|scheme| address.starts_with(scheme))
}

#[test]
fn every_link_between_the_pages_leads_somewhere() {
    let folder = TempDir::new().unwrap();
    export_hostile(folder.path());
    let mut links = 0;
    for (name, bytes) in listing(folder.path()) {
        if name.ends_with(".html") && !name.starts_with("attachments/") {
            let mut found = Vec::new();
            hrefs(&parse(&bytes), &mut found);
            for href in found.iter().filter(|href| is_local(href) && !href.starts_with('#')) {
                let path = percent_decoded(href.split('#').next().unwrap());
                let target = folder.path().join(&name).parent().unwrap().join(&path);
                assert!(target.is_file(), "{name}: {href}");
                links += 1;
            }
        }
    }
    assert!(links > 300, "{links}");
}

fn hrefs(node: &Handle, found: &mut Vec<String>) {
    if let NodeData::Element { attrs, .. } = &node.data {
        let attrs = attrs.borrow();
        found.extend(attrs.iter().filter(|a| matches!(&*a.name.local, "href" | "src")).map(|a| a.value.to_string()));
    }
    children(node).iter().for_each(|child| hrefs(child, found));
}

fn percent_decoded(path: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = path.as_bytes();
    while let Some((first, more)) = rest.split_first() {
        if *first == b'%' {
            bytes.push(u8::from_str_radix(std::str::from_utf8(&more[..2]).unwrap(), 16).unwrap());
            rest = &more[2..];
        } else {
            bytes.push(*first);
            rest = more;
        }
    }
    String::from_utf8(bytes).unwrap()
}
