//! The pages that are made of hostile samples: parsed as a browser parses them, nothing of them runs, loads, or leads
//! anywhere but where it says.

use std::path::Path;

use crate::support::{Corer, content, sample};
use html5ever::tendril::TendrilSink;
use html5ever::{ParseOpts, parse_document};
use markup5ever_rcdom::{Handle, NodeData, RcDom};
use sample_backups::hostile::strangers::PAYLOADS;

/// Elements that load, run, or send.
const FORBIDDEN: [&str; 11] =
    ["iframe", "frame", "object", "embed", "applet", "base", "form", "link", "template", "math", "noscript"];
/// Attributes whose value is an address.
const ADDRESSES: [&str; 12] = [
    "href",
    "src",
    "srcset",
    "action",
    "formaction",
    "poster",
    "background",
    "data",
    "cite",
    "ping",
    "manifest",
    "xlink:href",
];

/// What a page is judged by: its own script, if it may have one, and what was found wrong.
struct Judge<'a> {
    page: &'a str,
    scripts: Vec<String>,
    wrong: Vec<String>,
    text: String,
}

impl Judge<'_> {
    fn node(&mut self, node: &Handle) {
        match &node.data {
            NodeData::Element { name, attrs, .. } => {
                let element = name.local.to_string();
                if FORBIDDEN.contains(&&*element) {
                    self.wrong.push(format!("{}: <{element}>", self.page));
                }
                for attribute in attrs.borrow().iter() {
                    self.attribute(&element, &attribute.name.local, &attribute.value);
                }
                if element == "script" || element == "style" {
                    return self.raw(&element, node);
                }
            }
            NodeData::Text { contents } => self.text.push_str(&contents.borrow()),
            _ => {}
        }
        node.children.borrow().iter().for_each(|child| self.node(child));
    }

    fn attribute(&mut self, element: &str, name: &str, value: &str) {
        let is_bad = match name {
            _ if name.starts_with("on") => true,
            "style" | "srcdoc" => true,
            "http-equiv" => value != "Content-Security-Policy",
            "href" if element == "a" => !is_local(value) && !is_allowed(value),
            _ if ADDRESSES.contains(&name) => !is_local(value),
            _ => false,
        };
        if is_bad {
            self.wrong.push(format!("{}: <{element} {name}={value:?}>", self.page));
        }
    }

    fn raw(&mut self, element: &str, node: &Handle) {
        let mut content = String::new();
        for child in node.children.borrow().iter() {
            if let NodeData::Text { contents } = &child.data {
                content.push_str(&contents.borrow());
            }
        }
        if element == "script" {
            self.scripts.push(content);
        } else if content.contains("evil") || content.contains("@import") || content.contains("url(") {
            self.wrong.push(format!("{}: a style with {content}", self.page));
        }
    }
}

/// A file of the same export, by a path that leads no further up than its folders are deep.
fn is_local(address: &str) -> bool {
    let path = address.split('#').next().unwrap();
    !path.contains([':', '\\', '?']) && !path.starts_with('/')
}

fn is_allowed(address: &str) -> bool {
    let address = address.to_ascii_lowercase();
    ["http://", "https://", "mailto:", "tel:", "sms:"].iter().any(|scheme| address.starts_with(scheme))
}

/// Judges every page of an export, gives how many there were and the words of all of them.
fn judge(out: &Path, own_scripts: &[String], wrong: &mut Vec<String>) -> (usize, String, Vec<String>) {
    let (mut pages, mut text, mut scripts) = (0, String::new(), Vec::new());
    for (path, bytes) in content(out) {
        let is_page = path.extension().is_some_and(|extension| extension == "html") && !path.starts_with("attachments");
        let Some(bytes) = bytes.filter(|_| is_page) else { continue };
        let page = path.to_string_lossy().into_owned();
        let document = parse_document(RcDom::default(), ParseOpts::default()).from_utf8().one(&*bytes).document;
        let mut judge = Judge { page: &page, scripts: vec![], wrong: vec![], text: String::new() };
        judge.node(&document);
        let foreign = judge.scripts.iter().filter(|script| !own_scripts.contains(script));
        judge.wrong.extend(foreign.map(|script| format!("{page}: a script: {script}")).collect::<Vec<_>>());
        wrong.extend(judge.wrong);
        scripts.extend(judge.scripts);
        text.push_str(&judge.text);
        pages += 1;
    }
    (pages, text, scripts)
}

/// The scripts of an export of a sample that means no harm: these are ours.
fn own_scripts() -> Vec<String> {
    let corer = Corer::new();
    let out = corer.home.path().join("out");
    corer.run(&["messages", "-b", &sample("ios18"), "-o", out.to_str().unwrap()]).ends_with(0);
    judge(&out, &[], &mut Vec::new()).2
}

#[test]
fn nothing_on_the_pages_of_hostile_conversations_runs_or_loads() {
    let own = own_scripts();
    assert_eq!(own.len(), 1, "the start page has a script, no other page has");
    let (mut wrong, mut seen) = (Vec::new(), 0);
    for entry in std::fs::read_dir(sample("hostile")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        if !name.starts_with("sms-") {
            continue;
        }
        let corer = Corer::new();
        let out = corer.home.path().join("out");
        corer.run(&["messages", "-b", &sample(&format!("hostile/{name}")), "-o", out.to_str().unwrap()]);
        if !out.exists() {
            continue;
        }
        let (pages, text, _) = judge(&out, &own, &mut wrong);
        seen += pages;
        if name == "sms-strangers" {
            assert!(pages > PAYLOADS.len(), "{pages} pages");
            let lost: Vec<_> = PAYLOADS.iter().filter(|payload| !text.contains(**payload)).collect();
            assert!(lost.is_empty(), "not shown as text: {lost:?}");
        }
    }
    assert!(seen > 100, "{seen} pages");
    assert!(wrong.is_empty(), "{} things are alive:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn pages_of_contacts_and_calls_are_dead_too() {
    let mut wrong = Vec::new();
    for kind in ["calls", "contacts"] {
        let corer = Corer::new();
        let pages_of = |backup: &str, out: &Path| {
            let args = [kind, "-b", &sample(backup), "-f", "html", "-o", out.to_str().unwrap()];
            corer.unlock(&args);
        };
        let good = corer.home.path().join("good");
        pages_of("ios18-encrypted", &good);
        // What stands in the pages of a backup that means no harm is ours.
        let own = judge(&good, &[], &mut Vec::new()).2;
        let mut seen = judge(&good, &own, &mut wrong).0;
        assert!(seen > 0, "{kind}");
        for name in ["people-text", "people-types", "people-ends", "people-rings"] {
            let out = corer.home.path().join(name);
            pages_of(&format!("hostile/{name}"), &out);
            if out.exists() {
                seen += judge(&out, &own, &mut wrong).0;
            }
        }
        assert!(seen > 2, "{kind}: {seen} pages");
    }
    assert!(wrong.is_empty(), "{} things are alive:\n{}", wrong.len(), wrong.join("\n"));
}
