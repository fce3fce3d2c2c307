//! The columns that are read of each table.

use crate::database::columns;

/// The table of messages.
pub(super) const MESSAGES: &str = "ZWAMESSAGE";

/// The table of files, places and cards that messages carry.
pub(super) const MEDIA: &str = "ZWAMEDIAITEM";

/// The table of receipts, reactions and polls.
pub(super) const INFO: &str = "ZWAMESSAGEINFO";

/// The table of conversations.
pub(super) const CHATS: &str = "ZWACHATSESSION";

columns! {
    /// The columns of `ZWAMESSAGE`.
    pub(super) enum MessageColumn {
        Stanza = "ZSTANZAID",
        Date = "ZMESSAGEDATE",
        Sent = "ZSENTDATE",
        IsFromMe = "ZISFROMME",
        Kind = "ZMESSAGETYPE",
        Event = "ZGROUPEVENTTYPE",
        Error = "ZMESSAGEERRORSTATUS",
        IsStarred = "ZSTARRED",
        Member = "ZGROUPMEMBER",
        From = "ZFROMJID",
        Text = "ZTEXT",
        PushName = "ZPUSHNAME",
        Status = "ZMESSAGESTATUS",
    }

    /// The columns of `ZWAMEDIAITEM`.
    pub(super) enum MediaColumn {
        Path = "ZMEDIALOCALPATH",
        Thumbnail = "ZXMPPTHUMBPATH",
        Title = "ZTITLE",
        Type = "ZVCARDSTRING",
        Name = "ZVCARDNAME",
        Size = "ZFILESIZE",
        Seconds = "ZMOVIEDURATION",
        Latitude = "ZLATITUDE",
        Longitude = "ZLONGITUDE",
        Origin = "ZMEDIAORIGIN",
        Url = "ZMEDIAURL",
        Metadata = "ZMETADATA",
    }

    /// The columns of `ZWAMESSAGEINFO`.
    pub(super) enum InfoColumn { Receipt = "ZRECEIPTINFO" }

    /// The columns of `ZWACHATSESSION`.
    pub(super) enum ChatColumn {
        Jid = "ZCONTACTJID",
        Identifier = "ZCONTACTIDENTIFIER",
        Name = "ZPARTNERNAME",
        Kind = "ZSESSIONTYPE",
        IsArchived = "ZARCHIVED",
        Group = "ZGROUPINFO",
        IsRemoved = "ZREMOVED",
        IsHidden = "ZHIDDEN",
    }

    /// The columns of `ZWAGROUPINFO`.
    pub(super) enum GroupColumn { Chat = "ZCHATSESSION", Creator = "ZCREATORJID" }

    /// The columns of `ZWAGROUPMEMBER`.
    pub(super) enum MemberColumn {
        Chat = "ZCHATSESSION",
        Jid = "ZMEMBERJID",
        Name = "ZCONTACTNAME",
        FirstName = "ZFIRSTNAME",
    }

    /// The columns of `ZWAPROFILEPUSHNAME`.
    pub(super) enum PushNameColumn { Jid = "ZJID", Name = "ZPUSHNAME" }

    /// The columns of `ZWAPROFILEPICTUREITEM`.
    pub(super) enum PictureColumn { Jid = "ZJID", Path = "ZPATH" }

    /// The columns of `ZWAADDRESSBOOKCONTACT`.
    pub(super) enum ContactColumn { Jid = "ZWHATSAPPID", Lid = "ZLID", Name = "ZFULLNAME" }

    /// The columns of `ZWAPHONENUMBERLIDPAIR`.
    pub(super) enum LidColumn { Lid = "ZLID", Number = "ZPHONENUMBER", Since = "ZTIMESTAMP" }

    /// The columns of `ZWAZACCOUNT`.
    pub(super) enum AccountColumn { Lid = "ZIDENTIFIER", Number = "ZPHONENUMBER", Name = "ZDISPLAYNAME" }

    /// The columns of `ZWAMESSAGEDATAITEM`.
    pub(super) enum PreviewColumn {
        Url = "ZCONTENT1",
        Matched = "ZMATCHEDTEXT",
        Title = "ZTITLE",
        Summary = "ZSUMMARY",
    }

    /// The columns of `ZWAZ1PAYMENTTRANSACTION`.
    pub(super) enum PaymentColumn { Stanza = "ZMESSAGESTANZAID", Amount = "ZAMOUNT_1000", Currency = "ZCURRENCY" }
}
