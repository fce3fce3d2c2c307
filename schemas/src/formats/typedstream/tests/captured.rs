//! What the captured streams hold, read by hand from their bytes (`hexdump -C`), with the places where each thing stands.
//!
//! A text comes with the place of its first byte; in front of it stand `+` and its length in bytes. A range is the place
//! of its length, that length in UTF-16 units (the second number after `iI`), the part of the message that it belongs to,
//! and what else is said about it but for the writing direction, in the order of the alphabet. Of archives within the
//! stream the type stands here, which tells their size: `[904c]`. `tests/conformance/streams.py` compares the same
//! streams with another decoder.

/// A range: place of its length, length, part, further attributes.
pub(super) type Piece = (usize, usize, i128, &'static str);

const LYRICS: &str = "https://music.apple.com/us/lyrics/1329891623?ts=11.108&te=16.031&l=en\
    &tk=2.v1.VsuX9f%2BaT1PyrgMgIT7ANQ%3D%3D&itsct=sharing_msg_lyrics&itscg=50401";

/// The captured streams that are complete and hold a text, but for [`LONG`]: name, place of the text, text, ranges.
pub(super) const CAPTURED: [(&str, usize, &str, &[Piece]); 38] = [
    (
        "0123456789",
        0x4a,
        "0123456789",
        &[
            (0x05a, 6, 0, "Link=tel:0123456789, PhoneNumber=[635c], TextStrikethrough=1"),
            (0x3f5, 4, 0, "Link=tel:0123456789, PhoneNumber=[635c], TextItalic=1"),
        ],
    ),
    (
        "35123",
        0x7a,
        "0123456789\nBold Italics Underline Strikethrough\u{a0}\u{a0}Big Small Shake Nod Explode Ripple Bloom Jitter",
        &[
            (0x0e2, 5, 0, "Link=tel:0123456789, PhoneNumber=[649c], TextUnderline=1"),
            (0x4ad, 2, 0, "Link=tel:0123456789, PhoneNumber=[649c], TextStrikethrough=1, TextUnderline=1"),
            (0x4f5, 3, 0, "Link=tel:0123456789, PhoneNumber=[649c], TextStrikethrough=1"),
            (0x52a, 6, 0, "TextBold=1"),
            (0x55d, 8, 0, "TextBold=1, TextItalic=1"),
            (0x596, 10, 0, "TextBold=1, TextItalic=1, TextUnderline=1"),
            (0x5b3, 13, 0, "TextBold=1, TextItalic=1, TextStrikethrough=1, TextUnderline=1"),
            (0x5d4, 2, 0, ""),
            (0x5e5, 4, 0, "TextEffect=5"),
            (0x620, 5, 0, "TextEffect=11"),
            (0x63b, 1, 0, ""),
            (0x63e, 5, 0, "TextEffect=9"),
            (0x659, 1, 0, ""),
            (0x65c, 3, 0, "TextEffect=8"),
            (0x677, 1, 0, ""),
            (0x67a, 7, 0, "TextEffect=12"),
            (0x695, 1, 0, ""),
            (0x698, 6, 0, "TextEffect=4"),
            (0x6b3, 1, 0, ""),
            (0x6b6, 5, 0, "TextEffect=6"),
            (0x6d1, 1, 0, ""),
            (0x6d4, 6, 0, "TextEffect=10"),
        ],
    ),
    ("Address", 0x4a, "1 Apple Park Way, Cupertino, CA 95014", &[(0x75, 37, 0, "Address=[1187c]")]),
    ("AppMessage", 0x4a, "\u{fffc}", &[(0x53, 1, 0, "FileTransferGUID=F0B18A15-E9A5-4B18-A38F-685B7B3FF037")]),
    (
        "AppleMusicLyrics",
        0x7c,
        LYRICS,
        &[(
            0x113,
            145,
            0,
            "DataDetected=[675c], Link=https://music.apple.com/us/lyrics/1329891623?ts=11.108&te=16.031&l=en\
            &tk=2.v1.VsuX9f%2BaT1PyrgMgIT7ANQ%3D%3D&itsct=sharing_msg_lyrics&itscg=50401, LinkIsRichLink=1",
        )],
    ),
    ("Arabic", 0x4a, "أهلا\u{64b} بالعالم", &[(0x69, 13, 0, "")]),
    (
        "Array",
        0x7a,
        "A single ChatGPT instance takes 5MW of power to run",
        &[(0x0b3, 32, 0, ""), (0x113, 3, 0, "DataDetected=[904c]"), (0x4e6, 16, 0, "")],
    ),
    (
        "Attachment",
        0x7a,
        "\u{fffc}This is how the notes look to me fyi, in case it helps make sense of anything",
        &[
            (
                0x0d0,
                1,
                0,
                "FileTransferGUID=at_0_2E5F12C3-E649-48AA-954D-3EA67C016BCC, Filename=Messages Image(785748029).png, \
                InlineMediaHeight=1139.0, InlineMediaWidth=952.0",
            ),
            (0x269, 77, 1, ""),
        ],
    ),
    (
        "AttachmentI16",
        0x7a,
        "\u{fffc}",
        &[(
            0x83,
            1,
            1,
            "FileTransferGUID=at_0_BE588799-C4BC-47DF-A56D-7EE90C74911D, \
            Filename=brilliant-kids-test-answers-32-93042.jpeg, InlineMediaHeight=600, InlineMediaWidth=660",
        )],
    ),
    ("AttributedBodyTextOnly", 0x7a, "Noter test", &[(0x8a, 10, 0, "")]),
    ("AttributedBodyTextOnly2", 0x4a, "Test 3", &[(0x56, 6, 0, "")]),
    ("Blank", 0x4a, "", &[]),
    (
        "Code",
        0x7a,
        "000123 is your security code. Don't share your code.",
        &[(0x0b4, 6, 0, "DataDetected=[535c], OneTimeCode={displayCode=000123, code=000123}"), (0x3bb, 46, 0, "")],
    ),
    ("Currency", 0x4a, "Money: $1234.56, £20, 100 USD", &[(0x6e, 29, 0, "")]),
    (
        "CurrencyTemperatureVolumeWeight",
        0x7a,
        "$100\n\n75℉\n\n1L of water\n\n225lbs",
        &[
            (0x0a0, 6, 0, ""),
            (0x100, 3, 0, "DataDetected=[764c]"),
            (0x447, 2, 0, ""),
            (0x44a, 2, 0, "DataDetected=[748c]"),
            (0x755, 11, 0, ""),
            (0x758, 6, 0, "DataDetected=[760c]"),
        ],
    ),
    (
        "CustomTapback",
        0x4a,
        "Reacted with a sticker to “Like I wonder if the stickers can be reactions ”\u{fffc}",
        &[(0x0a2, 75, 0, ""), (0x138, 1, 1, "FileTransferGUID=41C4376E-397E-4C42-84E2-B16F7801F638")],
    ),
    (
        "Date",
        0x7a,
        "Hi. Right now or tomorrow?",
        &[(0x09a, 17, 0, ""), (0x0fa, 8, 0, "CalendarEvent=[669c]"), (0x415, 1, 0, "")],
    ),
    ("EditedWithFormatting", 0x4a, "Test", &[(0x54, 4, 0, "TextStrikethrough=1")]),
    (
        "Email",
        0x4a,
        "asdfghjklq@gmail.com might work",
        &[(0x06f, 20, 0, "DataDetected=[667c], Link=mailto:asdfghjklq@gmail.com"), (0x407, 11, 0, "")],
    ),
    (
        "EmojiBoldUnderline",
        0x4a,
        "🅱\u{fe0f}Bold_Underline",
        &[(0x065, 3, 0, ""), (0x0c5, 4, 0, "TextBold=1"), (0x11b, 1, 0, ""), (0x11e, 9, 0, "TextUnderline=1")],
    ),
    ("Flight", 0x7a, "AS 1111", &[(0x87, 7, 0, "DataDetected=[754c]")]),
    ("Formatted", 0x4a, "Big small", &[(0x59, 9, 0, "")]),
    (
        "Mention",
        0x7a,
        "Test Dad ",
        &[(0x089, 5, 0, ""), (0x0e9, 3, 0, "MentionConfirmedMention=+15558675309"), (0x14b, 1, 0, "")],
    ),
    (
        "MultiAttachment",
        0x7a,
        "\u{fffc}\u{fffc}\u{fffc}\u{fffc}\u{fffc}\u{fffc}\u{fffc}\u{fffc}\u{fffc}\u{fffc}\u{fffc}\u{fffc}\u{fffc}\u{fffc}\u{fffc}\u{fffc}\u{fffc}\u{fffc}\u{fffc}",
        &[
            (0x0b9, 1, 0, "FileTransferGUID=at_0_48B9C973-3466-438C-BE72-E5B498D30772"),
            (0x1a6, 1, 1, "FileTransferGUID=at_1_48B9C973-3466-438C-BE72-E5B498D30772"),
            (0x1ee, 1, 2, "FileTransferGUID=at_2_48B9C973-3466-438C-BE72-E5B498D30772"),
            (0x281, 1, 3, "FileTransferGUID=at_3_48B9C973-3466-438C-BE72-E5B498D30772"),
            (0x2c9, 1, 4, "FileTransferGUID=at_4_48B9C973-3466-438C-BE72-E5B498D30772"),
            (0x311, 1, 5, "FileTransferGUID=at_5_48B9C973-3466-438C-BE72-E5B498D30772"),
            (0x359, 1, 6, "FileTransferGUID=at_6_48B9C973-3466-438C-BE72-E5B498D30772"),
            (0x3a1, 1, 7, "FileTransferGUID=at_7_48B9C973-3466-438C-BE72-E5B498D30772"),
            (0x3e9, 1, 8, "FileTransferGUID=at_8_48B9C973-3466-438C-BE72-E5B498D30772"),
            (0x431, 1, 9, "FileTransferGUID=at_9_48B9C973-3466-438C-BE72-E5B498D30772"),
            (0x479, 1, 10, "FileTransferGUID=at_10_48B9C973-3466-438C-BE72-E5B498D30772"),
            (0x4c2, 1, 11, "FileTransferGUID=at_11_48B9C973-3466-438C-BE72-E5B498D30772"),
            (0x50b, 1, 12, "FileTransferGUID=at_12_48B9C973-3466-438C-BE72-E5B498D30772"),
            (0x554, 1, 13, "FileTransferGUID=at_13_48B9C973-3466-438C-BE72-E5B498D30772"),
            (0x59d, 1, 14, "FileTransferGUID=at_14_48B9C973-3466-438C-BE72-E5B498D30772"),
            (0x5e6, 1, 15, "FileTransferGUID=at_15_48B9C973-3466-438C-BE72-E5B498D30772"),
            (0x62f, 1, 16, "FileTransferGUID=at_16_48B9C973-3466-438C-BE72-E5B498D30772"),
            (0x678, 1, 17, "FileTransferGUID=at_17_48B9C973-3466-438C-BE72-E5B498D30772"),
            (0x6c1, 1, 18, "FileTransferGUID=at_18_48B9C973-3466-438C-BE72-E5B498D30772"),
        ],
    ),
    (
        "MultiPart",
        0x7a,
        "\u{fffc}test 1\u{fffc}test 2 \u{fffc}test 3",
        &[
            (0x09c, 1, 0, "FileTransferGUID=at_0_F0668F79-20C2-49C9-A87F-1B007ABB0CED"),
            (0x153, 6, 1, ""),
            (0x187, 1, 2, "FileTransferGUID=at_2_F0668F79-20C2-49C9-A87F-1B007ABB0CED"),
            (0x1cb, 7, 3, ""),
            (0x1de, 1, 4, "FileTransferGUID=at_4_F0668F79-20C2-49C9-A87F-1B007ABB0CED"),
            (0x222, 6, 5, ""),
        ],
    ),
    (
        "MultiPartWithDeleted",
        0x7a,
        "From arbitrary byte stream:\r\u{fffc}To native Rust data structures:\r",
        &[
            (0x0bf, 28, 0, ""),
            (0x11f, 1, 1, "FileTransferGUID=D0551D89-4E11-43D0-9A0E-06F19704E97B"),
            (0x1a5, 32, 2, ""),
        ],
    ),
    (
        "OverlappingFormat",
        0x7a,
        "8:00 pm",
        &[
            (0x087, 1, 0, "CalendarEvent=[820c], TextBold=1"),
            (0x4b9, 1, 0, "CalendarEvent=[820c]"),
            (0x4ce, 2, 0, "CalendarEvent=[820c], TextUnderline=1"),
            (0x50a, 1, 0, "CalendarEvent=[820c]"),
            (0x50d, 2, 0, "CalendarEvent=[820c], TextItalic=1"),
        ],
    ),
    (
        "PhoneNumber",
        0x7a,
        "What about 0000000000",
        &[(0x095, 11, 0, ""), (0x12b, 10, 0, "Link=tel:0000000000, PhoneNumber=[649c]")],
    ),
    (
        "StyledLink",
        0x7a,
        "https://github.com/ReagentX/imessage-exporter/discussions/553",
        &[(
            0xbd,
            61,
            0,
            "DataDetected=[591c], Link=https://github.com/ReagentX/imessage-exporter/discussions/553, LinkIsRichLink=0, \
            TextEffect=5",
        )],
    ),
    (
        "TextEffects",
        0x4a,
        "Big small shake nod explode ripple bloom jitter",
        &[
            (0x07f, 3, 0, "TextEffect=5"),
            (0x10c, 1, 0, ""),
            (0x13a, 6, 0, "TextEffect=11"),
            (0x151, 5, 0, "TextEffect=9"),
            (0x168, 1, 0, "TextEffect=11"),
            (0x16b, 3, 0, "TextEffect=8"),
            (0x182, 1, 0, "TextEffect=11"),
            (0x185, 8, 0, "TextEffect=12"),
            (0x19c, 6, 0, "TextEffect=4"),
            (0x1b3, 1, 0, "TextEffect=12"),
            (0x1b6, 5, 0, "TextEffect=6"),
            (0x1cd, 1, 0, "TextEffect=12"),
            (0x1d0, 6, 0, "TextEffect=10"),
        ],
    ),
    (
        "TextStyles",
        0x4a,
        "Bold underline italic strikethrough all four",
        &[
            (0x07c, 4, 0, "TextBold=1"),
            (0x104, 1, 0, ""),
            (0x132, 9, 0, "TextUnderline=1"),
            (0x166, 1, 0, ""),
            (0x169, 6, 0, "TextItalic=1"),
            (0x19a, 1, 0, ""),
            (0x19d, 13, 0, "TextStrikethrough=1"),
            (0x1d5, 5, 0, ""),
            (0x1d8, 4, 0, "TextBold=1, TextItalic=1, TextStrikethrough=1, TextUnderline=1"),
        ],
    ),
    (
        "TextStylesMixed",
        0x4a,
        "Underline normal jitter normal",
        &[(0x06e, 9, 0, "TextUnderline=1"), (0x132, 8, 0, ""), (0x143, 6, 0, "TextEffect=10"), (0x17e, 7, 0, "")],
    ),
    (
        "TextStylesSingleRange",
        0x4a,
        "Everything",
        &[(0x5a, 10, 0, "TextBold=1, TextItalic=1, TextStrikethrough=1, TextUnderline=1")],
    ),
    ("Tracking", 0x7a, "1Z999AA10123456784", &[(0x92, 18, 0, "DataDetected=[664c]")]),
    (
        "Transcription",
        0x4a,
        "\u{fffc}",
        &[(0x53, 1, 0, "FileTransferGUID=4C339597-EBBB-4978-9B87-521C0471A848, IMAudioTranscription=This is a test")],
    ),
    (
        "URL",
        0x7a,
        "https://github.com/ReagentX/Logria",
        &[(0xa2, 34, 0, "DataDetected=[582c], Link=https://github.com/ReagentX/Logria")],
    ),
    (
        "URLMessage",
        0x7a,
        "https://twitter.com/xxxxxxxxx/status/0000223300009216128",
        &[(0xb8, 56, 0, "DataDetected=[604c], Link=https://twitter.com/xxxxxxxxx/status/0000223300009216128")],
    ),
    ("WeirdText", 0x7a, "𝖍𝖊𝖑𝖑𝖔 𝖜𝖔𝖗𝖑𝖉", &[(0xa9, 21, 0, "")]),
];

/// The longest stream: its name, the place of the text, how many bytes it has, how its four paragraphs begin and the last
/// ends, its ranges.
pub(super) const LONG: (&str, usize, usize, [&str; 4], &str, &[Piece]) = (
    "LongMessage",
    0x7c,
    2359,
    [
        "Sed nibh velit, sodales et facilisis ut, ",
        "Proin id ultrices nunc. Integer id posuere tellus. ",
        "Aenean pharetra, nisl eu maximus commodo, ",
        "Curabitur et lacus quis mauris viverra accumsan a non dui. ",
    ],
    " Curabitur consectetur cursus sem nec accumsan.",
    &[(0x9b9, 2359, 0, "")],
);

/// The stream whose text was shortened by someone who left its length alone, which now reaches past the end of the file:
/// its name, the place of the text, how many bytes it claims, what there is of it. Its one range, of 157 units too, lies
/// within the bytes that the text claims.
pub(super) const CUT: (&str, usize, u16, &str) = ("ExtraData", 0x7c, 157, "This is parsing  ");

/// The stream without a text: an array of one array of 35 arrays, with the regions that were drawn into the pictures of a
/// medical viewer (class `ROI`, version 11), their points as strings such as `{294.275, 313.361}`.
pub(super) const NO_TEXT: &str = "HugeWithRefs";
