//! A device that means harm: what no phone sends, but a stranger's could.

use std::io::Write;

use plist::Value;
use sample_backups::hostile::bplist;
use sample_backups::plists::{dictionary, text};

use super::link::{DATA, END, Link, Outgoing};
use crate::error::{Error, Result};
use crate::faults::Hostile;

/// A payload of the attack's own in `Snapshot`.
const OWN: &str = "Snapshot/evil";

/// Does it. The answers of the host are in the log.
pub(super) fn act(link: &mut Link<'_>, root: &str, hostile: &Hostile) -> Result<()> {
    let own = format!("{root}/{OWN}");
    match hostile {
        Hostile::Upload(path) => upload(link, path)?,
        Hostile::Create(path) => drop(link.create_directory(path)?),
        Hostile::MoveTo(path) => {
            upload(link, &own)?;
            link.move_items(&[(own, path.clone())])?;
        }
        Hostile::MoveFrom(path) => drop(link.move_items(&[(path.clone(), own)])?),
        Hostile::CopyFrom(path) => copy(link, path, &own)?,
        Hostile::CopyTo(path) => {
            upload(link, &own)?;
            copy(link, &own, path)?;
        }
        Hostile::Remove(path) => drop(link.remove_items(std::slice::from_ref(path))?),
        Hostile::Download(path) => drop(link.download(std::slice::from_ref(path))?),
        Hostile::List(path) => drop(link.list(path)?),
        Hostile::EndlessFiles(count) => return endless(link, root, *count),
        Hostile::UnknownMessage => drop(link.tell("DLMessageMakeCoffee", vec![text("strong")])?),
        Hostile::WrongParts => return wrong_parts(link),
        other => return garble(link, root, other),
    }
    Ok(())
}

fn upload(link: &mut Link<'_>, path: &str) -> Result<()> {
    let file = Outgoing {
        device_path: "/.b/1/HomeDomain/evil".into(),
        host_path: path.to_owned(),
        write: Box::new(|out| Ok(out.write_all(b"evil")?)),
        error: None,
    };
    link.upload(vec![file], 4)?;
    Ok(())
}

fn copy(link: &mut Link<'_>, from: &str, to: &str) -> Result<()> {
    link.tell("DLMessageCopyItem", vec![text(from), text(to), dictionary([])])?;
    Ok(())
}

fn endless(link: &mut Link<'_>, root: &str, count: u64) -> Result<()> {
    begin_upload(link)?;
    for index in 0..count {
        paths(link, &format!("{root}/Snapshot/{index:x}"))?;
        link.block(END, &[])?;
    }
    link.channel().write_all(&0_u32.to_be_bytes())?;
    link.channel().flush()?;
    link.status("DLMessageUploadFiles")?;
    Ok(())
}

fn wrong_parts(link: &mut Link<'_>) -> Result<()> {
    let number = || Value::Integer(7.into());
    for (name, rest) in [
        ("DLMessageCreateDirectory", vec![]),
        ("DLMessageCreateDirectory", vec![number()]),
        ("DLMessageMoveItems", vec![]),
        ("DLMessageMoveItems", vec![dictionary([("a", number())])]),
        ("DLMessageRemoveItems", vec![number()]),
        ("DLMessageRemoveItems", vec![Value::Array(vec![number(), dictionary([])])]),
        ("DLMessageCopyItem", vec![text("only one")]),
        ("DLContentsOfDirectory", vec![Value::Array(vec![])]),
        ("DLMessagePurgeDiskSpace", vec![text("much")]),
    ] {
        link.tell(name, rest)?;
    }
    Ok(())
}

/// Sends bytes that are no protocol, and waits until the host has had enough.
fn garble(link: &mut Link<'_>, root: &str, hostile: &Hostile) -> Result<()> {
    match hostile {
        Hostile::HugeBlock => {
            begin_upload(link)?;
            paths(link, &format!("{root}/{OWN}"))?;
            link.channel().write_all(&u32::MAX.to_be_bytes())?;
            link.channel().write_all(&[DATA, 1, 2, 3])?;
        }
        Hostile::HugeName => {
            begin_upload(link)?;
            link.channel().write_all(&u32::MAX.to_be_bytes())?;
            link.channel().write_all(&[b'a'; 64])?;
        }
        Hostile::EndsInsideFile => {
            begin_upload(link)?;
            paths(link, &format!("{root}/{OWN}"))?;
            link.channel().write_all(&1000_u32.to_be_bytes())?;
            link.channel().write_all(&[DATA, 1, 2, 3])?;
            return link.pull();
        }
        Hostile::HugeMessage => {
            link.channel().write_all(&u32::MAX.to_be_bytes())?;
            link.channel().write_all(b"bplist00")?;
        }
        Hostile::WrongLength => {
            let mut message = Vec::new();
            Value::Array(vec![text("DLMessageGetFreeDiskSpace")]).to_writer_binary(&mut message)?;
            message.truncate(message.len() / 2);
            frame(link, &message)?;
        }
        Hostile::Garbage => frame(link, b"bplist00 this is none, but it begins like one")?,
        Hostile::Deep => {
            let (open, close) = ("<array>".repeat(100_000), "</array>".repeat(100_000));
            frame(link, format!("<?xml version=\"1.0\"?><plist version=\"1.0\">{open}{close}</plist>").as_bytes())?;
        }
        Hostile::Bomb => frame(link, &bplist::laughs())?,
        _ => {
            let mut message = Vec::new();
            text("no array").to_writer_binary(&mut message)?;
            frame(link, &message)?;
        }
    }
    link.channel().flush()?;
    // The host ought to leave now; whatever it says is read away.
    while link.channel().receive().is_ok_and(|message| message.is_some()) {}
    Err(Error::Pulled)
}

fn begin_upload(link: &mut Link<'_>) -> Result<()> {
    link.announce("DLMessageUploadFiles", vec![dictionary([]), Value::Real(0.0), Value::Integer(0.into())])
}

fn paths(link: &mut Link<'_>, path: &str) -> Result<()> {
    for path in ["/.b/1/evil", path] {
        link.channel().write_all(&(path.len() as u32).to_be_bytes())?;
        link.channel().write_all(path.as_bytes())?;
    }
    Ok(())
}

fn frame(link: &mut Link<'_>, bytes: &[u8]) -> Result<()> {
    link.channel().write_all(&(bytes.len() as u32).to_be_bytes())?;
    Ok(link.channel().write_all(bytes)?)
}
