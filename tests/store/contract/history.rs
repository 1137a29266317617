//! History: newest first for whoever looks, oldest first and page by page for whoever counts.

use super::{at, board, commit, lane, line, ready};
use signalman::model::BoardId;
use signalman::store::{Commit, HistoryPage, Store};

pub(crate) async fn history_is_told_newest_first(store: &dyn Store) {
    ready(store).await;
    for (text, second) in [("one", 1), ("two", 2), ("three", 3)] {
        let history = vec![line(text, second)];
        commit(
            store,
            Commit {
                history,
                ..Commit::new(lane("card"), at(second))
            },
        )
        .await;
    }
    let told = store
        .history(&board(), Some(&lane("card")), 2)
        .await
        .unwrap();
    assert_eq!(
        told.iter()
            .map(|line| line.text.as_str())
            .collect::<Vec<_>>(),
        ["three", "two"]
    );
}

pub(crate) async fn history_is_read_page_by_page_oldest_first(store: &dyn Store) {
    ready(store).await;
    let told = [
        ("one", "a", 1),
        ("early", "b", -9),
        ("two", "b", 2),
        ("three", "a", 3),
        ("four", "c", 4),
    ];
    for (text, card, second) in told {
        let history = vec![line(text, second)];
        let mut step = Commit::new(lane(card), at(10));
        step.history = history;
        commit(store, step).await;
    }
    for limit in [1, 2, 3, 9] {
        let (mut read, mut from, mut pages) = (Vec::new(), Some(0), 0);
        while let Some(first) = from {
            let page = store
                .history_page(&board(), at(0), first, limit)
                .await
                .unwrap();
            assert!(page.lines.len() <= limit);
            let texts = page.lines.into_iter();
            read.extend(texts.map(|(lane, line)| (line.text, lane)));
            (from, pages) = (page.next, pages + 1);
        }
        let want = [("one", "a"), ("two", "b"), ("three", "a"), ("four", "c")];
        let want = want.map(|(text, card)| (text.to_owned(), lane(card)));
        assert_eq!(read, want, "{limit} at once");
        assert!(pages <= 6, "{pages} pages of {limit}");
    }
    let other = BoardId::from("other");
    let none = store.history_page(&other, at(0), 0, 9).await.unwrap();
    assert_eq!(none, HistoryPage::default());
}
