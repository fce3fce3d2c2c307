//! Numbers as people read them.

/// A number with its thousands apart: `12,345`.
pub fn count(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (position, digit) in digits.chars().enumerate() {
        if position > 0 && (digits.len() - position).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A number with its noun: `1 message`, `2,000 messages`.
pub fn plural(number: u64, noun: &str) -> String {
    let ending = if number == 1 { "" } else { "s" };
    format!("{} {noun}{ending}", count(number))
}

/// A size in bytes as systems show it, in powers of 1,000: `999 bytes`, `1.5 MB`.
pub fn size(bytes: u64) -> String {
    let (mut whole, mut tenth, mut unit) = (bytes, 0, "bytes");
    for next in ["kB", "MB", "GB", "TB", "PB"] {
        if whole < 1_000 {
            break;
        }
        (whole, tenth, unit) = (whole / 1_000, whole % 1_000 / 100, next);
    }
    match (unit, whole) {
        ("bytes", 1) => "1 byte".to_owned(),
        ("bytes", _) => format!("{whole} bytes"),
        (_, ..10) if tenth > 0 => format!("{whole}.{tenth} {unit}"),
        _ => format!("{whole} {unit}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_easy_to_read() {
        assert_eq!([0, 999, 1_000, 1_234_567].map(count), ["0", "999", "1,000", "1,234,567"]);
        assert_eq!([plural(1, "message"), plural(2_000, "message")], ["1 message", "2,000 messages"]);
        assert_eq!(
            [0, 1, 999, 1_000, 1_500, 12_345_678, u64::MAX].map(size),
            ["0 bytes", "1 byte", "999 bytes", "1 kB", "1.5 kB", "12 MB", "18446 PB"]
        );
    }
}
