//! Comments lead to the card's page where cards have one, and are what they were where not.

use super::*;
use signalman::engine::{Engine, Options};
use signalman::model::redact::cut_passwords;

async fn firm() -> (Firm, Url) {
    let mut firm = Firm::open().await;
    let pages = firm.url.join("c").unwrap();
    let options = Options {
        card_pages: Some(pages.clone()),
        ..Options::default()
    };
    let store: Arc<dyn Store> = Arc::<Sqlite>::clone(&firm.store);
    firm.engine = Arc::new(Engine::new(store, Arc::clone(&firm.trello), options));
    (firm, pages)
}

fn link(firm: &Firm, card: &str) -> String {
    let page = firm.url.join(&page(firm, card)).unwrap();
    format!("\nПодробно и с телефона: {page}")
}

#[tokio::test]
async fn a_refusal_an_arrival_a_word_that_all_is_ready_and_why_lead_to_the_cards_page() {
    let (firm, pages) = firm().await;
    let ends = |card: &str, part: &str| {
        let said = firm.said(card).into_iter().find(|text| text.contains(part));
        let said = said.unwrap_or_else(|| panic!("no {part}: {:#?}", firm.said(card)));
        assert!(said.ends_with(&link(&firm, card)), "{said}");
        assert_eq!(said.matches(pages.as_str()).count(), 1, "{said}");
        assert_eq!(
            cut_passwords(&said),
            said,
            "nothing in it looks like a secret"
        );
    };
    firm.drag("ilya_demo", "kefir", "connect").await;
    ends("kefir", "карточка вернулась");
    firm.write("maria_demo", "kefir", "/почему").await;
    ends("kefir", "Карточка стоит");
    firm.write("maria_demo", "kefir", "/перевести Подключение")
        .await;
    ends("kefir", "карточка остаётся");
    firm.tick("olga_demo", "boot", "paid").await;
    ends("boot", "всё готово");
    firm.drag("maria_demo", "boot", "connect").await;
    ends("boot", "ваш ход: «Подключение»");
    let mut browser = Browser::of(&firm);
    let address = link(&firm, "kefir");
    let (_, address) = address.split_once(": ").unwrap();
    let shown = browser.open(Url::parse(address).unwrap().path()).await;
    assert_eq!(shown.told("back"), page(&firm, "kefir"));
}

#[tokio::test]
async fn a_refusal_that_is_edited_has_its_link_once_and_a_settled_one_has_none() {
    let (firm, pages) = firm().await;
    firm.drag("ilya_demo", "kefir", "connect").await;
    firm.drag("ilya_demo", "kefir", "connect").await;
    assert_eq!(firm.said("kefir").len(), 1, "{:?}", firm.said("kefir"));
    assert_eq!(firm.last("kefir").matches(pages.as_str()).count(), 1);
    firm.ready_to_connect("kefir").await;
    firm.drag("maria_demo", "kefir", "connect").await;
    let settled = firm.said("kefir").remove(0);
    says(&settled, &["✓ Было"]);
    assert!(!settled.contains(pages.as_str()), "{settled}");
}

#[tokio::test]
async fn a_comment_with_a_link_whose_answer_was_lost_is_not_written_twice() {
    let (firm, _) = firm().await;
    firm.world()
        .fault(Fault::next(FaultKind::LostAfter, 1).on("POST", "/cards"));
    firm.drag("ilya_demo", "kefir", "connect").await;
    firm.wait(5).await;
    assert_eq!(firm.said("kefir").len(), 1, "{:?}", firm.said("kefir"));
    firm.tick("olga_demo", "boot", "paid").await;
    firm.world()
        .fault(Fault::next(FaultKind::LostAfter, 1).on("POST", "/cards"));
    firm.drag("maria_demo", "boot", "connect").await;
    firm.wait(5).await;
    let said = firm.said("boot");
    let turns = said
        .iter()
        .filter(|text| text.contains("ваш ход: «Подключение»"));
    assert_eq!(turns.count(), 1, "{said:#?}");
}

#[tokio::test]
async fn without_pages_of_their_own_comments_are_what_they_were() {
    let firm = Firm::open().await;
    firm.drag("ilya_demo", "kefir", "connect").await;
    let said = firm.last("kefir");
    assert!(
        !said.contains("телефона") && !said.contains("http"),
        "{said}"
    );
}

#[tokio::test]
async fn the_clients_file_opens_for_whoever_is_signed_in_and_leads_others_to_the_card() {
    let firm = Firm::open().await;
    let mut maria = Browser::of(&firm);
    let file = format!("{}/file", page(&firm, "kefir"));
    let led = maria.open(&file).await;
    assert_eq!(
        (led.status, led.header("location")),
        (303, &*page(&firm, "kefir"))
    );
    maria.sign_in("maria_demo").await;
    let shown = maria.open(&file).await;
    assert_eq!(shown.status, 200, "{}", shown.text);
    assert_eq!(shown.told("card"), firm.id("kefir"));
    assert!(
        !shown.text.contains("Кефир"),
        "the page itself tells nothing"
    );
    let asked = format!("{}/dossier", api(&firm, "kefir"));
    let printed = maria.ask(&asked).await;
    says(&printed.text, &["Кефир FM", "Чей ход"]);
    assert_eq!(printed.header("cache-control"), "no-store");
    assert!(
        printed
            .header("content-security-policy")
            .contains("sha256-")
    );
    // A page of another origin cannot have it shown.
    let forged = maria.open(&asked).await;
    assert_eq!((forged.status, &*forged.code()), (403, "not_ours"));
    let odd = maria.open(&format!("/c/{}/../file", firm.board())).await;
    assert_ne!(odd.status, 200);
}
