//! A client as a row of a file that people open: CSV here, XLSX in a room of its own.

mod workbook;

use crate::client::{client, confirmed, known_by, refused, retired, several, system};
use futures::future::join_all;
use signalman::model::Status;
use signalman::process::target::Client;
use signalman::target::{Found, Outcome, System};
use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use tempfile::TempDir;

const KEY: &str = "5f00000000000000000000a1";

/// A folder where people keep their list.
struct Share {
    _folder: TempDir,
    file: PathBuf,
}

impl Share {
    fn with(name: &str, bytes: impl AsRef<[u8]>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join(name);
        fs::write(&file, bytes).unwrap();
        Self {
            _folder: folder,
            file,
        }
    }

    fn place(&self) -> Box<dyn System> {
        system(&section(&self.file), None)
    }

    fn text(&self) -> String {
        String::from_utf8(fs::read(&self.file).unwrap()).unwrap()
    }

    /// All that is in the folder besides.
    fn beside(&self) -> Vec<String> {
        let files = fs::read_dir(self.file.parent().unwrap()).unwrap();
        let names = files.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        names
            .filter(|name| *name != self.file.file_name().unwrap().to_str().unwrap())
            .collect()
    }
}

fn section(file: &Path) -> String {
    format!(
        r#"
[[target]]
key = "list"
kind = "table"
url = "file://{}"
match = ["ИНН"]
  [[target.put]]
  name = "Станция"
  value = "{{card_name}}"
  [[target.put]]
  name = "ИНН"
  value = "{{inn}}"
  [[target.put]]
  name = "Сумма"
  value = "{{fee}}"
  [[target.put]]
  name = "Телефон"
  value = "{{contact_phone}}"
"#,
        file.display()
    )
}

fn teapot() -> Client {
    client(
        KEY,
        &[
            ("Станция", "Радио «Чайник»; главное"),
            ("ИНН", "7707083893"),
            ("Сумма", "12900.00"),
            ("Телефон", "+79991234567"),
        ],
    )
}

#[tokio::test]
async fn an_empty_file_becomes_a_list() {
    let share = Share::with("clients.csv", "");
    let place = share.place();
    assert_eq!(place.look(&teapot()).await, Ok(Found::Nothing));
    assert_eq!(confirmed(&place.upsert(&teapot()).await), KEY);
    let text = "\u{feff}Станция;ИНН;Сумма;Телефон;status;signalman\r\n\
        \"Радио «Чайник»; главное\";7707083893;12900,00;'+79991234567;active;5f00000000000000000000a1\r\n";
    assert_eq!(share.text(), text);

    // The same again leaves the file alone.
    let inode = || fs::metadata(&share.file).unwrap().ino();
    let before = inode();
    confirmed(&place.upsert(&teapot()).await);
    assert_eq!(inode(), before);

    let mut changed = teapot();
    changed.values.insert("Сумма".into(), "15000.00".into());
    let found = place.look(&changed).await.unwrap();
    assert!(
        matches!(&found, Found::One { differs, status: Some(Status::Active), .. } if differs == &["Сумма"]),
        "{found:?}"
    );
    confirmed(&place.upsert(&changed).await);
    assert_eq!(share.text(), text.replace("12900,00", "15000,00"));
    confirmed(&place.upsert(&retired(changed)).await);
    assert!(share.text().contains(";retired;"), "{}", share.text());
    assert_eq!(share.beside(), Vec::<String>::new());
}

#[tokio::test]
async fn what_people_keep_stays_byte_for_byte() {
    let kept = "Список клиентов,,,\n\"Менеджер\",Станция,ИНН,Заметки\nМария,Кефир FM,9601000001,\"звонить,\nутром\"\n\nМария,Трамвай,960600000037,12.5";
    let share = Share::with("clients.csv", kept);
    fs::set_permissions(&share.file, fs::Permissions::from_mode(0o664)).unwrap();
    confirmed(&share.place().upsert(&teapot()).await);
    let text = kept.replace("ИНН,Заметки", "ИНН,Заметки,Сумма,Телефон,status,signalman");
    let row = "\n,Радио «Чайник»; главное,7707083893,,12900.00,'+79991234567,active,5f00000000000000000000a1\n";
    assert_eq!(share.text(), text + row);
    assert_eq!(fs::metadata(&share.file).unwrap().mode() & 0o777, 0o664);
}

#[tokio::test]
async fn a_file_in_windows_1251_stays_one() {
    let encode = |text: &str| encoding_rs::WINDOWS_1251.encode(text).0.into_owned();
    let share = Share::with(
        "clients.csv",
        encode("Станция;ИНН\r\nКефир FM;9601000001\r\n"),
    );
    confirmed(&share.place().upsert(&teapot()).await);
    let bytes = fs::read(&share.file).unwrap();
    let text = encoding_rs::WINDOWS_1251.decode(&bytes).0;
    assert!(text.contains("Радио «Чайник»; главное"), "{text}");
    let mut other = teapot();
    other.values.insert("Станция".into(), "Радио ☕".into());
    let why = refused(&share.place().upsert(&other).await);
    assert!(why.contains("“Радио ☕” has letters"), "{why}");
    assert_eq!(fs::read(&share.file).unwrap(), bytes);
}

#[tokio::test]
async fn nothing_is_taken_for_a_formula() {
    let share = Share::with("clients.csv", "");
    for (nth, value) in ["=1+1", "+1", "-1-1", "@SUM(A1)", "\tx", "-12.5"]
        .into_iter()
        .enumerate()
    {
        let key = format!("5f000000000000000000000{nth}");
        let client = client(&key, &[("Станция", value)]);
        confirmed(&share.place().upsert(&client).await);
        confirmed(&share.place().upsert(&client).await);
    }
    let text = share.text();
    let cells: Vec<_> = text
        .lines()
        .skip(1)
        .map(|line| line.split(';').next().unwrap())
        .collect();
    assert_eq!(
        cells,
        ["'=1+1", "'+1", "'-1-1", "'@SUM(A1)", "'\tx", "-12.5"]
    );
    // Nor one of our names for a number, which a spreadsheet would shorten.
    let client = client("520000000000000000000e11", &[("Станция", "Кефир")]);
    confirmed(&share.place().upsert(&client).await);
    confirmed(&share.place().upsert(&client).await);
    assert!(
        share.text().ends_with(";'520000000000000000000e11\r\n"),
        "{}",
        share.text()
    );
}

#[tokio::test]
async fn what_a_spreadsheet_wrote_in_its_own_way_is_left() {
    let rows = format!(
        "Станция;ИНН;Сумма;Телефон;status;signalman\r\n\"Радио «Чайник»; главное\";7707083893;12 900;79991234567;active;{KEY}\r\n"
    );
    let share = Share::with("clients.csv", &rows);
    confirmed(&share.place().upsert(&teapot()).await);
    assert_eq!(share.text(), rows);
}

#[tokio::test]
async fn who_was_entered_by_hand_is_found_and_linked() {
    let share = Share::with(
        "clients.csv",
        "Станция;ИНН;Кто\r\nЧайник;7707083893;Мария\r\n",
    );
    confirmed(&share.place().upsert(&known_by(teapot(), "ИНН")).await);
    let text = share.text();
    assert!(text.contains(";7707083893;Мария;12900,00;"), "{text}");
    assert_eq!(text.lines().count(), 2);

    let share = Share::with(
        "clients.csv",
        "Станция;ИНН\nЧайник;7707083893\nДругой;7707083893\n",
    );
    let before = share.text();
    let ids = several(&share.place().upsert(&known_by(teapot(), "ИНН")).await);
    assert_eq!(ids, ["row 2", "row 3"]);
    assert_eq!(share.text(), before);
}

#[tokio::test]
async fn nobody_who_has_the_file_open_loses_anything() {
    let share = Share::with("clients.csv", "Станция;ИНН\n");
    for lock in [".~lock.clients.csv#", "~$clients.csv"] {
        let lock = share.file.with_file_name(lock);
        fs::write(&lock, "").unwrap();
        let outcome = share.place().upsert(&teapot()).await;
        assert!(
            matches!(&outcome, Outcome::Retry { why, .. } if why.contains("is open in")),
            "{outcome:?}"
        );
        fs::remove_file(&lock).unwrap();
    }
    assert_eq!(share.text(), "Станция;ИНН\n");
    let mut mode = fs::metadata(&share.file).unwrap().permissions();
    mode.set_mode(0o444);
    fs::set_permissions(&share.file, mode).unwrap();
    assert_eq!(
        refused(&share.place().upsert(&teapot()).await),
        "the file is read-only"
    );
}

#[tokio::test]
async fn what_cannot_be_understood_is_left_alone() {
    let told = [
        ("a;b\nc;d\n", "no row names a column of ours"),
        ("Станция;ИНН;ИНН\n", "two columns are named “ИНН”"),
        ("Станция;\"ИНН\nКефир;1\n", "not closed"),
    ];
    for (text, why) in told {
        let share = Share::with("clients.csv", text);
        let said = refused(&share.place().upsert(&teapot()).await);
        assert!(said.contains(why), "{said}");
        assert_eq!(share.text(), text);
    }
    let share = Share::with("clients.csv", b"\xff\xfe\x21\x04");
    let said = refused(&share.place().upsert(&teapot()).await);
    assert!(said.contains("UTF-16"), "{said}");
    fs::remove_file(&share.file).unwrap();
    let outcome = share.place().upsert(&teapot()).await;
    assert!(matches!(outcome, Outcome::Retry { .. }), "{outcome:?}");
    let why = refused(
        &Share::with("a.csv", "")
            .place()
            .upsert(&retired(teapot()))
            .await,
    );
    assert_eq!(why, "there is no such row to retire");
}

/// Each as another process has it: with a place of its own.
#[tokio::test(flavor = "multi_thread")]
async fn twelve_at_once_leave_a_row_for_each_client() {
    let share = Share::with("clients.csv", "Станция;ИНН\r\n");
    // What a writer left who was killed half way.
    let left = share.file.with_file_name(".clients.csv.signalman-Xy12");
    fs::write(&left, "half").unwrap();
    let write = async |nth: usize| {
        let mut client = teapot();
        client.key = format!("5f0000000000000000000{:03}", nth / 4);
        confirmed(&share.place().upsert(&client).await)
    };
    join_all((0..12).map(write)).await;
    assert_eq!(share.text().lines().count(), 4, "{}", share.text());
    assert_eq!(share.beside(), Vec::<String>::new());
}
