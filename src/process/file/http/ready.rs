//! The ready-made descriptions. None of these services can be reached by the tests: what is sent is
//! held against their documentation, and was not run against the live service.

use crate::process::file::raw::http::RawHttp;
use crate::process::target::Keyed;
use schemars::JsonSchema;
use serde::Deserialize;

macro_rules! presets {
    ($($name:ident = $word:literal),+ $(,)?) => {
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
        pub(in crate::process::file) enum Preset {
            $(#[serde(rename = $word)] $name),+
        }

        impl Preset {
            #[cfg(test)]
            const ALL: &[Self] = &[$(Self::$name),+];

            pub(super) fn word(self) -> &'static str {
                match self { $(Self::$name => $word),+ }
            }

            fn text(self) -> &'static str {
                match self {
                    $(Self::$name => include_str!(concat!(
                        env!("CARGO_MANIFEST_DIR"), "/src/target/presets/", $word, ".toml"
                    ))),+
                }
            }
        }
    };
}

presets! {
    Bitrix24 = "bitrix24",
    AmoCrm = "amocrm",
    HubSpot = "hubspot",
    MoySklad = "moysklad",
    OneC = "1c_odata",
    Pipedrive = "pipedrive",
    GoogleSheets = "google_sheets",
}

impl Preset {
    /// Most of them are about companies, which may have several stations.
    pub(in crate::process::file) fn keyed(self) -> Keyed {
        match self {
            Self::GoogleSheets => Keyed::Station,
            _ => Keyed::Organisation,
        }
    }

    pub(super) fn description(self) -> Option<RawHttp> {
        toml::from_str(self.text()).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_can_be_read_and_says_that_it_was_not_run() {
        for preset in Preset::ALL {
            let read = toml::from_str::<RawHttp>(preset.text());
            assert!(read.is_ok(), "{}: {:?}", preset.word(), read.err());
            assert!(preset.text().contains("Not run against the live service"));
        }
    }
}
