//! The generations of the backup format, and the fictional devices that wrote them.

/// A generation of the backup format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Era {
    /// iOS 5: `Manifest.mbdb`, payloads flat in the folder, messages split between SMS and "madrid" columns.
    Ios5,
    /// iOS 7: as iOS 5, messages in one kind of row.
    Ios7,
    /// iOS 9: `Manifest.mbdb`, payloads flat in the folder.
    Ios9,
    /// iOS 10.1: `Manifest.db`, never encrypted itself; one derivation.
    Ios10_1,
    /// iOS 15: `Manifest.db`, encrypted with `ManifestKey` in encrypted backups; two derivations.
    Ios15,
    /// iOS 18: as iOS 15.
    Ios18,
    /// iOS 26: as iOS 15.
    Ios26,
}

impl Era {
    /// Whether files are listed in `Manifest.mbdb` and lie flat in the folder.
    pub fn is_flat(self) -> bool {
        self <= Self::Ios9
    }

    /// Whether `Manifest.db` is encrypted in an encrypted backup.
    pub fn encrypts_manifest(self) -> bool {
        self >= Self::Ios15
    }

    /// `Version` of Manifest.plist.
    pub fn manifest_version(self) -> &'static str {
        if self.is_flat() { "9.1" } else { "10.0" }
    }

    /// `Version` of Status.plist.
    pub fn status_version(self) -> &'static str {
        if self.is_flat() { "2.4" } else { "3.3" }
    }

    /// `VERS` of the keybag.
    pub fn keybag_version(self) -> u32 {
        if self >= Self::Ios15 { 5 } else { 3 }
    }

    /// The protection classes of the keybag, in the order in which real ones list them.
    pub fn keybag_classes(self) -> std::ops::RangeInclusive<u32> {
        if self >= Self::Ios15 { 1..=14 } else { 1..=11 }
    }

    /// The class whose key wraps `ManifestKey`.
    pub fn manifest_class(self) -> u32 {
        3
    }

    /// Whether call history, Safari history and the like are left out of unencrypted backups (iOS 13 and later).
    pub fn keeps_secrets_for_encrypted(self) -> bool {
        self >= Self::Ios15
    }
}

/// What a backup says about the device that made it.
#[derive(Debug, Clone)]
pub struct Device {
    /// The name its owner gave it.
    pub name: String,
    /// The identifier: 40 hex digits, or `8hex-16HEX` on newer devices.
    pub udid: String,
    /// Serial number.
    pub serial: String,
    /// Model identifier, like `iPhone15,2`.
    pub product_type: String,
    /// Model name, like `iPhone 14 Pro`.
    pub product_name: String,
    /// Version of iOS.
    pub version: String,
    /// Build of iOS.
    pub build: String,
    /// The phone's own number.
    pub phone_number: String,
    /// When the backup was made, RFC 3339 UTC.
    pub backed_up: String,
}

/// What tells the device of an era from the others.
struct Made {
    udid: &'static str,
    serial: &'static str,
    /// Its product type and its model name.
    model: (&'static str, &'static str),
    /// The version of iOS and its build.
    system: (&'static str, &'static str),
    backed_up: &'static str,
}

const IOS_5: Made = Made {
    udid: "5a3d1e90c4b7f26885d0ab13c97e4f60218bd35c",
    serial: "C0RER0000005",
    model: ("iPhone3,1", "iPhone 4"),
    system: ("5.1.1", "9B206"),
    backed_up: "2012-08-19T18:21:04Z",
};

const IOS_7: Made = Made {
    udid: "7c0b5d92e61f48a37d04c9be2851f6a30e7d94b5",
    serial: "C0RER0000007",
    model: ("iPhone5,2", "iPhone 5"),
    system: ("7.1.2", "11D257"),
    backed_up: "2014-09-14T16:02:47Z",
};

const IOS_9: Made = Made {
    udid: "9e1c07b2d85f43a6910be27c5fd3846a0c9b71e8",
    serial: "C0RER0000009",
    model: ("iPhone7,2", "iPhone 6"),
    system: ("9.3.5", "13G36"),
    backed_up: "2016-09-25T07:45:31Z",
};

const IOS_10_1: Made = Made {
    udid: "10b4f7e2c6a95d038e71f2bc4d60a98357ec1f2d",
    serial: "C0RER0000010",
    model: ("iPhone8,1", "iPhone 6s"),
    system: ("10.1.1", "14B100"),
    backed_up: "2016-11-20T20:02:58Z",
};

const IOS_15: Made = Made {
    udid: "00008101-000FEEDC0FFEE15E",
    serial: "C0RER00015",
    model: ("iPhone13,2", "iPhone 12"),
    system: ("15.3.1", "19D52"),
    backed_up: "2022-03-06T20:11:36Z",
};

const IOS_18: Made = Made {
    udid: "00008120-001C0FFEE0C0BE1E",
    serial: "C0RER00018",
    model: ("iPhone15,2", "iPhone 14 Pro"),
    system: ("18.1", "22B83"),
    backed_up: "2024-11-03T21:14:09Z",
};

const IOS_26: Made = Made {
    udid: "00008150-0026C0DEC0FFEE26",
    serial: "C0RER00026",
    model: ("iPhone18,3", "iPhone 17"),
    system: ("26.1", "23B85"),
    backed_up: "2025-11-30T19:27:55Z",
};

impl Device {
    /// The fictional device of an era. Numbers are from the range reserved for fiction, serials are impossible.
    pub fn of(era: Era) -> Self {
        let Made { udid, serial, model, system, backed_up } = match era {
            Era::Ios5 => IOS_5,
            Era::Ios7 => IOS_7,
            Era::Ios9 => IOS_9,
            Era::Ios10_1 => IOS_10_1,
            Era::Ios15 => IOS_15,
            Era::Ios18 => IOS_18,
            Era::Ios26 => IOS_26,
        };
        Self {
            name: "Mira\u{2019}s iPhone".into(),
            udid: udid.into(),
            serial: serial.into(),
            product_type: model.0.into(),
            product_name: model.1.into(),
            version: system.0.into(),
            build: system.1.into(),
            phone_number: "+1 (415) 555-0100".into(),
            backed_up: backed_up.into(),
        }
    }
}
