//! Handwriting, Digital Touch and the other content of apps.

use corer_schemas::fuzzing::app;

const APPS: [&str; 4] = [
    "com.apple.Handwriting.HandwritingProvider",
    "com.apple.DigitalTouchBalloonProvider",
    "com.apple.messages.URLBalloonProvider",
    "com.apple.messages.MSMessageExtensionBalloonPlugin:0000000000:com.apple.icloud.apps.messages.business.extension",
];

pub fn run(bytes: &[u8]) {
    for bundle_id in APPS {
        let _ = app(bundle_id, bytes);
    }
}
