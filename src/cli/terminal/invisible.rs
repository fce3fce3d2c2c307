//! Characters that show nothing, and where they do what they are for.
//!
//! | character | stays |
//! | --- | --- |
//! | joiner (U+200D) | between two pictures (👩‍👧); between letters of Arabic and of the scripts of India and around |
//! | non-joiner (U+200C) | between such letters |
//! | variation selector | one, behind what it belongs to: U+FE0E and U+FE0F behind a sign or digit, U+FE00 to U+FE02 and U+E0100 to U+E01EF behind an ideograph, those of Mongolian behind its letters |
//! | tags (U+E0030 to U+E007F) | the flags of England, Scotland and the like: behind 🏴, letters and digits, and an end |
//!
//! Everything else of the kind is shown wherever it stands: zero-width space and no-break space, word joiner, soft hyphen,
//! fillers, and what is no character at all.

/// Whether a character shows nothing by itself.
pub fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
        | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200d}' | '\u{2060}'..='\u{206f}'
        | '\u{3164}' | '\u{fdd0}'..='\u{fdef}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}'
        | '\u{fff0}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
        || u32::from(c) & 0xfffe == 0xfffe
}

/// How many bytes at the beginning of `rest`, which begins with something invisible, do what they are for behind `before`; 0
/// for none.
pub fn kept(before: &str, rest: &str) -> usize {
    let mut following = rest.chars();
    let Some(c) = following.next() else { return 0 };
    let Some(last) = before.chars().next_back() else { return 0 };
    let next = following.next();
    let stays = match c {
        '\u{200d}' => next.is_some_and(|next| (is_picture(next) && ends_picture(before)) || joins(last, next)),
        '\u{200c}' => next.is_some_and(|next| joins(last, next)),
        '\u{fe0e}' | '\u{fe0f}' => is_picture(last) || is_sign(last),
        '\u{fe00}'..='\u{fe02}' | '\u{e0100}'..='\u{e01ef}' => is_ideograph(last),
        '\u{180b}'..='\u{180d}' | '\u{180f}' => matches!(last, '\u{1820}'..='\u{18aa}'),
        _ => false,
    };
    match c {
        _ if stays => c.len_utf8(),
        '\u{e0030}'..='\u{e007f}' if last == '\u{1f3f4}' => flag(rest),
        _ => 0,
    }
}

/// The length of the tags that make a flag: up to six letters and digits, and the end.
fn flag(rest: &str) -> usize {
    let tags = rest.chars().take_while(|c| matches!(c, '\u{e0030}'..='\u{e0039}' | '\u{e0061}'..='\u{e007a}')).count();
    let has_end = rest.chars().nth(tags) == Some('\u{e007f}');
    if (3..=6).contains(&tags) && has_end { (tags + 1) * '\u{e007f}'.len_utf8() } else { 0 }
}

/// Pictures that are joined to others.
fn is_picture(c: char) -> bool {
    matches!(c, '\u{2190}'..='\u{2bff}' | '\u{1f000}'..='\u{1faff}')
}

/// A picture may have its selector behind it.
fn ends_picture(before: &str) -> bool {
    before.strip_suffix('\u{fe0f}').unwrap_or(before).chars().next_back().is_some_and(is_picture)
}

/// Signs and digits that may be shown as a picture or as text.
fn is_sign(c: char) -> bool {
    c.is_ascii_digit() || "#*\u{a9}\u{ae}\u{203c}\u{2049}\u{2122}\u{2139}\u{3030}\u{303d}\u{3297}\u{3299}".contains(c)
}

fn is_ideograph(c: char) -> bool {
    matches!(c, '\u{3005}' | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3fffd}')
}

/// Whether two letters are of scripts in which their joining matters to the reader.
fn joins(last: char, next: char) -> bool {
    let is_joining = |c: char| {
        let is_joining = matches!(c,
            '\u{600}'..='\u{8ff}' | '\u{900}'..='\u{dff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17dd}'
            | '\u{1800}'..='\u{18aa}' | '\u{a840}'..='\u{abff}' | '\u{fb50}'..='\u{fdcf}' | '\u{fe70}'..='\u{fefc}'
            | '\u{11000}'..='\u{11fff}');
        // The mark for Arabic letters turns the reading order.
        is_joining && c != '\u{61c}' && !is_invisible(c)
    };
    is_joining(last) && is_joining(next)
}
