//! `ABMultiValue.property`: what kind of value a row holds. The numbers are those of `ABPersonRef` in the headers of
//! Apple's AddressBook framework; a number that is not here is a field of its own.

/// A kind of value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Property {
    Phone,
    Email,
    Address,
    Date,
    Messenger,
    /// Ringtones and vibrations: settings of the device, which name sounds that are on it alone.
    Alert,
    Url,
    Related,
    Profile,
    Other(i64),
}

impl Property {
    /// The kind of a number.
    pub(super) fn of(number: i64) -> Self {
        match number {
            3 => Self::Phone,
            4 => Self::Email,
            5 => Self::Address,
            12 => Self::Date,
            13 => Self::Messenger,
            16 => Self::Alert,
            22 => Self::Url,
            23 => Self::Related,
            46 => Self::Profile,
            other => Self::Other(other),
        }
    }

    /// What a field of this kind is called where it has no place of its own.
    pub(super) fn name(self) -> String {
        match self {
            Self::Phone => "Phone".to_owned(),
            Self::Email => "Mail".to_owned(),
            Self::Address => "Address".to_owned(),
            Self::Date => "Date".to_owned(),
            Self::Messenger => "Messenger".to_owned(),
            Self::Alert => "Ringtone or alert".to_owned(),
            Self::Url => "Web address".to_owned(),
            Self::Related => "Related name".to_owned(),
            Self::Profile => "Profile".to_owned(),
            Self::Other(number) => format!("Property {number}"),
        }
    }
}
