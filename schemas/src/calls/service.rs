//! What a call was made with.

use serde::{Deserialize, Serialize};

/// `ZSERVICE_PROVIDER` of calls by telephone and by FaceTime.
const TELEPHONY: &str = "com.apple.Telephony";
const FACETIME: &str = "com.apple.FaceTime";

/// `ZCALLTYPE` where there is no provider (iOS 8 and 9), and the picture of FaceTime calls.
const APP_CALL: i64 = 0;
const PHONE_CALL: i64 = 1;
const FACETIME_VIDEO: i64 = 8;
const FACETIME_AUDIO: i64 = 16;

/// `ZCALL_CATEGORY` with and without picture.
const AUDIO: i64 = 1;
const VIDEO: i64 = 2;

/// Apps that take part in the list of calls, by their bundle identifiers (App Store).
const APPS: [(&str, &str); 22] = [
    ("com.burbn.instagram", "Instagram"),
    ("com.cisco.squared", "Webex"),
    ("com.facebook.Messenger", "Messenger"),
    ("com.google.Dynamite", "Google Chat"),
    ("com.google.GVDialer", "Google Voice"),
    ("com.google.Tachyon", "Google Meet"),
    ("com.google.hangouts", "Hangouts"),
    ("com.hammerandchisel.discord", "Discord"),
    ("com.kakao.talk", "KakaoTalk"),
    ("com.microsoft.skype.teams", "Microsoft Teams"),
    ("com.skype.skype", "Skype"),
    ("com.tencent.xin", "WeChat"),
    ("com.tinyspeck.chatlyio", "Slack"),
    ("com.toyopagroup.picaboo", "Snapchat"),
    ("com.viber", "Viber"),
    ("com.wearezeta.zclient.ios", "Wire"),
    ("jp.naver.line", "LINE"),
    ("net.whatsapp.WhatsApp", "WhatsApp"),
    ("net.whatsapp.WhatsAppSMB", "WhatsApp Business"),
    ("org.whispersystems.signal", "Signal"),
    ("ph.telegra.Telegraph", "Telegram"),
    ("us.zoom.videomeetings", "Zoom"),
];

/// What a call was made with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Service {
    /// The telephone.
    Phone,
    /// FaceTime, with or without picture.
    FaceTime,
    /// An app, by its bundle identifier; `None` where only that it was an app is known.
    App(Option<String>),
    /// Something that is not known.
    Unknown,
}

impl Service {
    /// Its name: `Phone`, `FaceTime`, the name of a known app, else the bundle identifier.
    pub fn name(&self) -> &str {
        match self {
            Self::Phone => "Phone",
            Self::FaceTime => "FaceTime",
            Self::App(Some(bundle)) => APPS.iter().find(|(id, _)| id == bundle).map_or(bundle, |(_, name)| name),
            Self::App(None) => "App",
            Self::Unknown => "Unknown",
        }
    }

    /// The bundle identifier of an app.
    pub fn bundle_id(&self) -> Option<&str> {
        match self {
            Self::App(bundle) => bundle.as_deref(),
            Self::Phone | Self::FaceTime | Self::Unknown => None,
        }
    }
}

/// What three columns of the store say together: the service, whether there was a picture, and whether the type is one that
/// nobody knows.
pub(super) fn read(
    provider: Option<String>,
    kind: Option<i64>,
    category: Option<i64>,
) -> (Service, Option<bool>, bool) {
    let is_known = matches!(kind, None | Some(APP_CALL | PHONE_CALL | FACETIME_VIDEO | FACETIME_AUDIO));
    let by_category = match category {
        Some(AUDIO) => Some(false),
        Some(VIDEO) => Some(true),
        _ => None,
    };
    let is_video = match kind {
        Some(FACETIME_VIDEO) => Some(true),
        Some(FACETIME_AUDIO | PHONE_CALL) => Some(false),
        _ => by_category,
    };
    let service = match (provider, kind) {
        (Some(provider), _) if provider == TELEPHONY => Service::Phone,
        (Some(provider), _) if provider == FACETIME => Service::FaceTime,
        (Some(provider), _) => Service::App(Some(provider)),
        (None, Some(PHONE_CALL)) => Service::Phone,
        (None, Some(FACETIME_VIDEO | FACETIME_AUDIO)) => Service::FaceTime,
        (None, Some(APP_CALL)) => Service::App(None),
        (None, _) => Service::Unknown,
    };
    (service, is_video, is_known)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_provider_goes_before_the_type() {
        let read = |provider: Option<&str>, kind, category| {
            let (service, is_video, is_known) = read(provider.map(str::to_owned), kind, category);
            (service.name().to_owned(), is_video, is_known)
        };
        assert_eq!(read(Some(TELEPHONY), Some(1), Some(1)), ("Phone".to_owned(), Some(false), true));
        assert_eq!(read(None, Some(1), None), ("Phone".to_owned(), Some(false), true));
        assert_eq!(read(None, Some(8), None), ("FaceTime".to_owned(), Some(true), true));
        assert_eq!(read(Some(FACETIME), Some(16), Some(1)), ("FaceTime".to_owned(), Some(false), true));
        assert_eq!(read(Some("net.whatsapp.WhatsApp"), Some(0), Some(2)), ("WhatsApp".to_owned(), Some(true), true));
        assert_eq!(read(Some("org.example.calls"), Some(0), None), ("org.example.calls".to_owned(), None, true));
        assert_eq!(read(None, Some(0), None), ("App".to_owned(), None, true));
        assert_eq!(read(None, Some(99), None), ("Unknown".to_owned(), None, false));
        assert_eq!(read(None, None, Some(9)), ("Unknown".to_owned(), None, true));
    }
}
