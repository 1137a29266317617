//! What the figures go by: amounts are fields of money, days stand in fields of dates.

use super::*;

impl Resolver<'_> {
    pub(super) fn figures(&mut self) -> Counted {
        let Some(raw) = &self.raw.figures else {
            return Counted::default();
        };
        let place = Place::default().key("figures");
        if let Some(fee) = &raw.fee {
            let mend = "name a field of kind money, such as the monthly fee";
            self.of_kind(fee, Kind::Money, "an amount", mend, &place.key("fee"));
        }
        if raw.currency.is_some() && raw.fee.is_none() {
            let what = "there is a currency and no fee";
            let mend = "add `fee = \"…\"`, or take the currency out";
            self.error(&place.key("currency"), what, mend);
        }
        let mut field = |key: &Option<String>, name: &str| {
            let key = key.as_ref()?;
            Some(self.name(Kin::Field, key, &place.key(name)))
        };
        let (fee, currency) = (field(&raw.fee, "fee"), field(&raw.currency, "currency"));
        let mut mark = |mark: &Option<RawMark>, name: &str| {
            let mark = mark.as_ref()?;
            self.mark(mark, &place.key(name))
        };
        Counted {
            fee,
            currency,
            paid: mark(&raw.paid, "paid"),
            live: mark(&raw.live, "live"),
            charged: mark(&raw.charged, "charged"),
        }
    }

    fn mark(&mut self, mark: &RawMark, place: &Place) -> Option<Mark> {
        match (&mark.item, &mark.field, &mark.stage) {
            (Some(item), None, None) => {
                Some(Mark::Item(self.name(Kin::Item, item, &place.key("item"))))
            }
            (None, Some(field), None) => {
                let place = place.key("field");
                let mend = "name a field of kind date, or an item that is ticked then";
                self.of_kind(field, Kind::Date, "a day", mend, &place);
                Some(Mark::Field(self.name(Kin::Field, field, &place)))
            }
            (None, None, Some(stage)) => {
                let place = place.key("stage");
                Some(Mark::Stage(self.name(Kin::Stage, stage, &place)))
            }
            _ => {
                let what = "this says exactly one of item, field, stage";
                self.error(place, what, "write `{ item = \"…\" }`");
                None
            }
        }
    }

    /// A field that is not declared is told of where its name is looked up.
    fn of_kind(&mut self, key: &str, kind: Kind, word: &str, mend: &str, place: &Place) {
        let field = self.raw.field.iter().find(|field| field.key == key);
        if field.is_some_and(|field| field.kind != kind && field.kind != Kind::Lost) {
            self.error(place, format!("`{key}` is not {word}"), mend);
        }
    }
}
