#!/bin/sh
# Where the fuzz targets begin: the recorded actions, the process files, a description.
set -eu
cd "$(dirname "$0")/.."
corpus=fuzz/corpus
mkdir -p "$corpus/hook" "$corpus/action" "$corpus/process" "$corpus/description"
for action in tests/sandbox/fixtures/*.json; do
    name=$(basename "$action")
    cp "$action" "$corpus/action/$name"
    { echo "hDwPI5FeuiGvq23LSCiqUXO17Os="; printf '{"action":'; cat "$action"; printf '}'; } >"$corpus/hook/$name"
done
cp radio.ru.toml radio.en.toml tests/check/good.toml "$corpus/process/"
for file in tests/check/broken/*.toml; do
    cp "$file" "$corpus/process/broken-$(basename "$file")"
done
printf 'MP3\n— Поток —\n**Кодек:** [AAC](https://a.example "x")\n- Порт: 8010\nПароль: Qwerty7!\nАдрес: https://u:p@a.example\n' >"$corpus/description/seed"
