//! Polls and votes of iOS 26: JSON in base64, as the address in the archive (`data:,BASE64?…`).

use base64::Engine;
use base64::alphabet::URL_SAFE;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};
use serde_json::Value;

use super::super::model::app::{Poll, PollOption};

/// The largest poll, in bytes of JSON.
const MAX_JSON: usize = 1 << 20;
/// The most options of a poll.
const MOST_OPTIONS: usize = 1000;

/// Writers pad or do not.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &URL_SAFE,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// Reads a poll. `None` when the address holds none.
pub(super) fn read(url: Option<&str>) -> Option<Poll> {
    let item = json(url?)?;
    let item = item.get("item")?;
    let option = |option: &Value| PollOption {
        id: word(option, "optionIdentifier").unwrap_or_default(),
        text: word(option, "text").unwrap_or_default(),
        creator: word(option, "creatorHandle"),
        voters: Vec::new(),
    };
    let options = item.get("orderedPollOptions")?.as_array()?;
    Some(Poll { title: word(item, "title"), options: options.iter().take(MOST_OPTIONS).map(option).collect() })
}

/// The options that a vote is for. Empty when it takes a vote back. `None` when the address holds no vote.
pub(in crate::messages) fn votes(url: &str) -> Option<Vec<String>> {
    let item = json(url)?;
    let votes = item.get("item")?.get("votes")?.as_array()?;
    Some(votes.iter().take(MOST_OPTIONS).filter_map(|vote| word(vote, "voteOptionIdentifier")).collect())
}

fn json(url: &str) -> Option<Value> {
    let data = url.strip_prefix("data:,")?;
    let data = data.split_once('?').map_or(data, |(data, _)| data);
    let bytes = BASE64.decode(data).ok().filter(|bytes| bytes.len() <= MAX_JSON)?;
    serde_json::from_slice(&bytes).ok()
}

fn word(value: &Value, key: &str) -> Option<String> {
    value.get(key)?.as_str().filter(|word| !word.is_empty()).map(str::to_owned)
}
