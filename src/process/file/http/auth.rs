//! What opens an API.

use super::Reader;
use crate::process::file::raw::http::{RawAuth, RawBy};
use crate::process::target::http::Auth;
use url::Url;

impl Reader<'_, '_> {
    pub(super) fn auth(&mut self) -> Auth {
        let place = self.place.key("auth");
        let Some(raw) = &self.raw.auth else {
            return Auth::Bearer;
        };
        if self.target.key_in.is_none() {
            let what = "nothing says where the key is";
            let mend = "name the environment variable that holds it as `key_in`";
            self.error(&place, what, mend);
        }
        self.strays(raw);
        match raw.by {
            RawBy::Bearer => Auth::Bearer,
            RawBy::Basic => Auth::Basic,
            RawBy::Path => Auth::Path,
            RawBy::Header => {
                let name = raw.header.clone().unwrap_or_default();
                let plain = |one: char| one.is_ascii_alphanumeric() || one == '-' || one == '_';
                if name.is_empty() || !name.chars().all(plain) {
                    let what = "the key has no header";
                    let mend = "write its name, such as `header = \"X-Api-Key\"`";
                    self.error(&place.key("header"), what, mend);
                }
                let before = raw.before.clone().unwrap_or_default();
                Auth::Header { name, before }
            }
            RawBy::ClientCredentials | RawBy::RefreshToken => Auth::OAuth {
                token: self.token(raw),
                scope: raw.scope.clone(),
                renews: raw.by == RawBy::RefreshToken,
            },
        }
    }

    fn token(&mut self, raw: &RawAuth) -> String {
        let place = self.place.key("auth").key("token");
        let token = raw.token.clone().unwrap_or_default();
        let open = self.target.allow_private;
        let url = Url::parse(&token).ok();
        let fits = |url: &Url| url.scheme() == "https" || open && url.scheme() == "http";
        if !url.is_some_and(|url| fits(&url)) {
            let what = "nothing says where tokens are given out";
            let mend = "write its address: `token = \"https://…\"`";
            self.error(&place, what, mend);
        }
        token
    }

    fn strays(&mut self, raw: &RawAuth) {
        let place = self.place.key("auth");
        let header = raw.by == RawBy::Header;
        let oauth = matches!(raw.by, RawBy::ClientCredentials | RawBy::RefreshToken);
        let keys = [
            ("header", raw.header.is_some(), header),
            ("before", raw.before.is_some(), header),
            ("token", raw.token.is_some(), oauth),
            ("scope", raw.scope.is_some(), oauth),
        ];
        for (key, written, wanted) in keys {
            if written && !wanted {
                let what = format!("`{key}` means nothing to this way in");
                self.error(&place.key(key), what, "take it out, or write another `by`");
            }
        }
    }
}
