//! Moments as the app stores them.

use crate::time::AppleTime;

/// A moment in seconds since 2001. Nothing was sent before; such values stand for no date.
pub(super) fn moment(value: f64) -> Option<AppleTime> {
    AppleTime::from_seconds(value).filter(|date| value > 0.0 && date.timestamp().is_some())
}
