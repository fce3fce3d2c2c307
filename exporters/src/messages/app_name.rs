//! What people call the app that a message is from.

use std::borrow::Cow;

use corer_schemas::messages::{App, AppContent};

/// What people call an app of Apple's, or the last part of the identifier of another.
pub(super) fn app_name(app: &App) -> Cow<'_, str> {
    let known = match &app.content {
        AppContent::Link(_) => "Link",
        AppContent::Payment => "Apple Cash",
        AppContent::Fitness => "Fitness",
        AppContent::Slideshow => "Photos",
        AppContent::CheckIn(_) => "Check In",
        AppContent::FindMy => "Find My",
        AppContent::Poll(_) => "Poll",
        AppContent::Business(_) => "Business",
        AppContent::Handwriting(_) => "Handwriting",
        AppContent::Touch(_) => "Digital Touch",
        _ => match last_part(&app.bundle_id) {
            "URLBalloonProvider" => "Link",
            "PeerPaymentMessagesExtension" => "Apple Cash",
            "HandwritingProvider" => "Handwriting",
            "DigitalTouchBalloonProvider" => "Digital Touch",
            "ActivityMessagesApp" => "Fitness",
            "MessagesExtension" if app.bundle_id.contains("Activity") => "Fitness",
            "SafetyMonitorMessages" => "Check In",
            "FindMyMessagesApp" => "Find My",
            "PhotosMessagesApp" => "Photos",
            "Polls" => "Poll",
            "gamepigeon" | "ext" if app.bundle_id.contains("gamepigeon") => "GamePigeon",
            "" => "App",
            other => return format!("App: {other}").into(),
        },
    };
    known.into()
}

/// The last part of an identifier.
pub(super) fn last_part(identifier: &str) -> &str {
    identifier.rsplit([':', '.']).next().unwrap_or_default()
}
