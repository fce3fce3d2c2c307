//! What the captured streams hold, from their bytes: the text that Messages shows, and its ranges.
//!
//! A range is its length in UTF-16 units (in the stream the second number after `iI`), the part of the message that it
//! belongs to, and what else is said about it, but for the writing direction. `tests/conformance/streams.py` compares the
//! same streams with another decoder.

/// A range: length, part, further attributes by name.
pub(super) type Piece = (usize, i128, &'static str);

const LYRICS: &str = "https://music.apple.com/us/lyrics/1329891623?ts=11.108&te=16.031&l=en\
    &tk=2.v1.VsuX9f%2BaT1PyrgMgIT7ANQ%3D%3D&itsct=sharing_msg_lyrics&itscg=50401";

/// The captured streams that are whole and hold a text, but for [`LONG`].
pub(super) const CAPTURED: [(&str, &str, &[Piece]); 38] = [
    (
        "0123456789",
        "0123456789",
        &[(6, 0, "Link PhoneNumber TextStrikethrough"), (4, 0, "Link PhoneNumber TextItalic")],
    ),
    (
        "35123",
        "0123456789\nBold Italics Underline Strikethrough\u{a0}\u{a0}Big Small Shake Nod Explode Ripple Bloom Jitter",
        &[
            (5, 0, "Link PhoneNumber TextUnderline"),
            (2, 0, "Link PhoneNumber TextStrikethrough TextUnderline"),
            (3, 0, "Link PhoneNumber TextStrikethrough"),
            (6, 0, "TextBold"),
            (8, 0, "TextBold TextItalic"),
            (10, 0, "TextBold TextItalic TextUnderline"),
            (13, 0, "TextBold TextItalic TextStrikethrough TextUnderline"),
            (2, 0, ""),
            (4, 0, "TextEffect"),
            (5, 0, "TextEffect"),
            (1, 0, ""),
            (5, 0, "TextEffect"),
            (1, 0, ""),
            (3, 0, "TextEffect"),
            (1, 0, ""),
            (7, 0, "TextEffect"),
            (1, 0, ""),
            (6, 0, "TextEffect"),
            (1, 0, ""),
            (5, 0, "TextEffect"),
            (1, 0, ""),
            (6, 0, "TextEffect"),
        ],
    ),
    ("Address", "1 Apple Park Way, Cupertino, CA 95014", &[(37, 0, "Address")]),
    ("AppMessage", "\u{fffc}", &[(1, 0, "FileTransferGUID")]),
    ("AppleMusicLyrics", LYRICS, &[(145, 0, "DataDetected Link LinkIsRichLink")]),
    ("Arabic", "أهلا\u{64b} بالعالم", &[(13, 0, "")]),
    (
        "Array",
        "A single ChatGPT instance takes 5MW of power to run",
        &[(32, 0, ""), (3, 0, "DataDetected"), (16, 0, "")],
    ),
    (
        "Attachment",
        "\u{fffc}This is how the notes look to me fyi, in case it helps make sense of anything",
        &[(1, 0, "FileTransferGUID Filename InlineMediaHeight InlineMediaWidth"), (77, 1, "")],
    ),
    ("AttachmentI16", "\u{fffc}", &[(1, 1, "FileTransferGUID Filename InlineMediaHeight InlineMediaWidth")]),
    ("AttributedBodyTextOnly", "Noter test", &[(10, 0, "")]),
    ("AttributedBodyTextOnly2", "Test 3", &[(6, 0, "")]),
    ("Blank", "", &[]),
    (
        "Code",
        "000123 is your security code. Don't share your code.",
        &[(6, 0, "DataDetected OneTimeCode"), (46, 0, "")],
    ),
    ("Currency", "Money: $1234.56, £20, 100 USD", &[(29, 0, "")]),
    (
        "CurrencyTemperatureVolumeWeight",
        "$100\n\n75℉\n\n1L of water\n\n225lbs",
        &[(6, 0, ""), (3, 0, "DataDetected"), (2, 0, ""), (2, 0, "DataDetected"), (11, 0, ""), (6, 0, "DataDetected")],
    ),
    (
        "CustomTapback",
        "Reacted with a sticker to “Like I wonder if the stickers can be reactions ”\u{fffc}",
        &[(75, 0, ""), (1, 1, "FileTransferGUID")],
    ),
    ("Date", "Hi. Right now or tomorrow?", &[(17, 0, ""), (8, 0, "CalendarEvent"), (1, 0, "")]),
    ("EditedWithFormatting", "Test", &[(4, 0, "TextStrikethrough")]),
    ("Email", "asdfghjklq@gmail.com might work", &[(20, 0, "DataDetected Link"), (11, 0, "")]),
    (
        "EmojiBoldUnderline",
        "🅱\u{fe0f}Bold_Underline",
        &[(3, 0, ""), (4, 0, "TextBold"), (1, 0, ""), (9, 0, "TextUnderline")],
    ),
    ("Flight", "AS 1111", &[(7, 0, "DataDetected")]),
    ("Formatted", "Big small", &[(9, 0, "")]),
    ("Mention", "Test Dad ", &[(5, 0, ""), (3, 0, "MentionConfirmedMention"), (1, 0, "")]),
    (
        "MultiPart",
        "\u{fffc}test 1\u{fffc}test 2 \u{fffc}test 3",
        &[
            (1, 0, "FileTransferGUID"),
            (6, 1, ""),
            (1, 2, "FileTransferGUID"),
            (7, 3, ""),
            (1, 4, "FileTransferGUID"),
            (6, 5, ""),
        ],
    ),
    (
        "MultiPartWithDeleted",
        "From arbitrary byte stream:\r\u{fffc}To native Rust data structures:\r",
        &[(28, 0, ""), (1, 1, "FileTransferGUID"), (32, 2, "")],
    ),
    (
        "OverlappingFormat",
        "8:00 pm",
        &[
            (1, 0, "CalendarEvent TextBold"),
            (1, 0, "CalendarEvent"),
            (2, 0, "CalendarEvent TextUnderline"),
            (1, 0, "CalendarEvent"),
            (2, 0, "CalendarEvent TextItalic"),
        ],
    ),
    ("PhoneNumber", "What about 0000000000", &[(11, 0, ""), (10, 0, "Link PhoneNumber")]),
    (
        "StyledLink",
        "https://github.com/ReagentX/imessage-exporter/discussions/553",
        &[(61, 0, "DataDetected Link LinkIsRichLink TextEffect")],
    ),
    (
        "TextEffects",
        "Big small shake nod explode ripple bloom jitter",
        &[
            (3, 0, "TextEffect"),
            (1, 0, ""),
            (6, 0, "TextEffect"),
            (5, 0, "TextEffect"),
            (1, 0, "TextEffect"),
            (3, 0, "TextEffect"),
            (1, 0, "TextEffect"),
            (8, 0, "TextEffect"),
            (6, 0, "TextEffect"),
            (1, 0, "TextEffect"),
            (5, 0, "TextEffect"),
            (1, 0, "TextEffect"),
            (6, 0, "TextEffect"),
        ],
    ),
    (
        "TextStyles",
        "Bold underline italic strikethrough all four",
        &[
            (4, 0, "TextBold"),
            (1, 0, ""),
            (9, 0, "TextUnderline"),
            (1, 0, ""),
            (6, 0, "TextItalic"),
            (1, 0, ""),
            (13, 0, "TextStrikethrough"),
            (5, 0, ""),
            (4, 0, "TextBold TextItalic TextStrikethrough TextUnderline"),
        ],
    ),
    (
        "TextStylesMixed",
        "Underline normal jitter normal",
        &[(9, 0, "TextUnderline"), (8, 0, ""), (6, 0, "TextEffect"), (7, 0, "")],
    ),
    ("TextStylesSingleRange", "Everything", &[(10, 0, "TextBold TextItalic TextStrikethrough TextUnderline")]),
    ("Tracking", "1Z999AA10123456784", &[(18, 0, "DataDetected")]),
    ("Transcription", "\u{fffc}", &[(1, 0, "FileTransferGUID IMAudioTranscription")]),
    ("URL", "https://github.com/ReagentX/Logria", &[(34, 0, "DataDetected Link")]),
    ("URLMessage", "https://twitter.com/xxxxxxxxx/status/0000223300009216128", &[(56, 0, "DataDetected Link")]),
    ("WeirdText", "𝖍𝖊𝖑𝖑𝖔 𝖜𝖔𝖗𝖑𝖉", &[(21, 0, "")]),
    (
        "MultiAttachment",
        "\u{fffc}\u{fffc}\u{fffc}\u{fffc}\u{fffc}\u{fffc}\u{fffc}\u{fffc}\u{fffc}\u{fffc}\u{fffc}\u{fffc}\u{fffc}\u{fffc}\u{fffc}\u{fffc}\u{fffc}\u{fffc}\u{fffc}",
        &[
            (1, 0, "FileTransferGUID"),
            (1, 1, "FileTransferGUID"),
            (1, 2, "FileTransferGUID"),
            (1, 3, "FileTransferGUID"),
            (1, 4, "FileTransferGUID"),
            (1, 5, "FileTransferGUID"),
            (1, 6, "FileTransferGUID"),
            (1, 7, "FileTransferGUID"),
            (1, 8, "FileTransferGUID"),
            (1, 9, "FileTransferGUID"),
            (1, 10, "FileTransferGUID"),
            (1, 11, "FileTransferGUID"),
            (1, 12, "FileTransferGUID"),
            (1, 13, "FileTransferGUID"),
            (1, 14, "FileTransferGUID"),
            (1, 15, "FileTransferGUID"),
            (1, 16, "FileTransferGUID"),
            (1, 17, "FileTransferGUID"),
            (1, 18, "FileTransferGUID"),
        ],
    ),
];

/// The longest stream: its name, how many bytes of text it holds, how they begin and end, its ranges.
pub(super) const LONG: (&str, usize, [&str; 2], &[Piece]) = (
    "LongMessage",
    2359,
    ["Sed nibh velit, sodales", "Curabitur consectetur cursus sem nec accumsan."],
    &[(2359, 0, "")],
);
