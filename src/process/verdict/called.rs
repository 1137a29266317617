//! Whom a ruling calls with an @: who has other ways is told by them too.

use super::{AbsenceSaid, Agreed, ByHand, How, NotDone, What};
use crate::model::MemberId;

const NOBODY: &[MemberId] = &[];

impl What {
    /// Nobody is left out by a new kind of ruling that is not thought of here: there is no "all others".
    pub fn called(&self) -> Vec<MemberId> {
        let called = match self {
            What::Admitted(admitted) => {
                let mut called = admitted.call.clone();
                if let How::Pass { call, .. } = &admitted.how {
                    called.extend(call.iter().cloned());
                }
                called.sort_unstable();
                called.dedup();
                return called;
            }
            What::Refused(refused) => &refused.call,
            What::Unticked { call, .. }
            | What::Lost { call, .. }
            | What::Allowed { call, .. }
            | What::NotAllowed { call, .. }
            | What::Disputed { call, .. }
            | What::Ready { call, .. }
            | What::Place { call, .. }
            | What::StillStands { call, .. }
            | What::LeftAsPushed { call, .. }
            | What::TermsChanged { call, .. } => call,
            What::Called { people, .. } => people,
            What::Handed(handed) => &handed.call,
            What::Timed(timed) => timed.called(),
            What::Absence(AbsenceSaid::NotTheirs { call }) => call,
            What::Agreed(Agreed::NotTheirs { call, .. })
            | What::ByHand(ByHand::NotTheirs { call, .. }) => call,
            What::NotDone(NotDone::Stays(stays)) => &stays.call,
            What::NameBack { .. }
            | What::FieldBack { .. }
            | What::Lapsed { .. }
            | What::ArchivedBack { .. }
            | What::Archived { .. }
            | What::Gone { .. }
            | What::Why { .. }
            | What::Help
            | What::PasswordSeen { .. }
            | What::Described { .. }
            | What::Word { .. }
            | What::ItemsDue { .. }
            | What::PlaceDue { .. }
            | What::TickBack { .. }
            | What::Agreed(Agreed::Terms { .. } | Agreed::Nothing | Agreed::NoDay { .. })
            | What::Asked(_)
            | What::Entered { .. }
            | What::NotDone(_)
            | What::ByHand(_)
            | What::Absence(_)
            | What::Noted { .. }
            | What::Ticked { .. }
            | What::NotReached { .. } => NOBODY,
        };
        called.to_vec()
    }
}
