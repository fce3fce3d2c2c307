//! Which addresses may be followed.

/// Schemes that open a page, a letter, a call or a message, and run nothing.
const SCHEMES: [&str; 5] = ["http", "https", "mailto", "tel", "sms"];

/// The address, if its scheme is on the allow list and nothing in it is hidden; `javascript:`, `data:`, `file:` and
/// whatever else stays text.
pub fn safe_url(address: &str) -> Option<&str> {
    let (scheme, rest) = address.split_once(':')?;
    let scheme = scheme.to_ascii_lowercase();
    let known = SCHEMES.contains(&&*scheme) && !rest.is_empty();
    let web = scheme.starts_with("http");
    let shaped = !web || rest.strip_prefix("//").is_some_and(|host| !host.is_empty() && !host.starts_with('/'));
    // Browsers drop tabs and line ends from addresses before they look at them.
    let hidden = address.chars().any(|c| c.is_control() || c.is_whitespace() || c == '\\');
    (known && shaped && !hidden).then_some(address)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_schemes_are_links() {
        for address in ["http://a.b/c?d#e", "HTTPS://x.y", "mailto:a@b.c", "tel:+491234", "sms:+1", "http://кто.рф"]
        {
            assert_eq!(safe_url(address), Some(address));
        }
    }

    #[test]
    fn everything_else_is_text() {
        for address in [
            "javascript:alert(1)",
            "JaVaScRiPt:alert(1)",
            "java\tscript:alert(1)",
            " javascript:1",
            "data:text/html,x",
            "file:///etc/passwd",
            "//evil.example",
            "http:evil",
            "http:///x",
            "https://",
            "\\\\server\\share",
            "vbscript:x",
            "http://a\nb",
            "x",
            "",
            ":",
            "blob:http://a/b",
            "http://a\\b",
        ] {
            assert_eq!(safe_url(address), None, "{address:?}");
        }
    }
}
