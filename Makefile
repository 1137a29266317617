# Two commands are for everyone: `make demo` and `make test`. Each sets up what it needs.
CACHE := $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/signalman
export CARGO_TARGET_DIR ?= $(CURDIR)/target
PAGE := src/sandbox/page
POWERUP := powerup
BIN := $(CARGO_TARGET_DIR)/release/signalman
LISTEN ?= 127.0.0.1:8080

.PHONY: build demo test quick pages lint unit test-targets model crash headless clients browser screenshots tools bench fuzz clean help

help: ## what there is
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/'

SPEAK ?= ru

build: pages ## the whole program, pages included, at target/release/signalman
	sh scripts/need.sh cc cargo
	cargo build --release --locked

demo: build ## a practice Trello with the radio board, and Signalman holding it
	$(BIN) demo --listen $(LISTEN) --lang $(SPEAK)

test: tools lint unit test-targets headless clients browser ## everything that CI runs

quick: ## the inner loop: what is pure and the stories, in the debug build
	cargo test --locked --lib --tests

pages: $(PAGE)/dist/index.html $(POWERUP)/dist/card.html ## the board page of the practice Trello, the pages inside Trello

$(PAGE)/dist/index.html: $(addprefix $(PAGE)/,package-lock.json index.html) $(wildcard $(addprefix $(PAGE)/,src/* src/*/* client/*))
	sh scripts/need.sh node npm
	cd $(PAGE) && npm ci --no-audit --no-fund --cache $(CACHE)/npm && npm run check && npm run build

$(POWERUP)/dist/card.html: $(addprefix $(POWERUP)/,package-lock.json tsconfig.json vite.config.ts) $(wildcard $(addprefix $(POWERUP)/,*.html build/* src/* src/*/* src/*/*/*))
	sh scripts/need.sh node npm
	cd $(POWERUP) && npm ci --no-audit --no-fund --cache $(CACHE)/npm && npm run check && npm run build

tools: ## what is needed is there, or is installed
	sh scripts/need.sh cc cargo node npm chromium redis-server redis-sentinel redis-cli $(SYSTEMS)

lint: pages ## format and clippy, with and without the practice Trello; the pages' types
	cd $(POWERUP) && npm run check
	cargo fmt --check
	cargo clippy --locked --all-targets -- -D warnings
	cargo clippy --locked --test targets -- -D warnings
	cargo clippy --locked --no-default-features -- -D warnings

# Properties are tried on the same cases each time, so that a change is judged by what it changes;
# chance looks for more in `make model`, `make fuzz` and `make crash`.
unit: export PROPTEST_RNG_SEED ?= 20261124
unit: pages ## unit tests, stories, the contract of the store, twenty kills
	cd $(POWERUP) && npm test
	cargo test --locked

# Not part of `cargo test`, nor of `--all-targets`: Cargo.toml says `test = false`, for the first run
# installs systems and fills their databases, which takes minutes. Later ones find them in the cache.
SYSTEMS := python3 postgres pango

test-targets: pages ## targets and messages, proved against Tryton, BottleCRM, Radicale, PostgreSQL, a mail server, Matrix, stand-ins for Stripe and Telegram; the event log, read by PM4Py
	sh scripts/need.sh cc cargo node npm redis-server $(SYSTEMS)
	sh tests/targets/servers/install.sh
	cargo test --locked --test targets
	@sh tests/targets/servers/install.sh bottlecrm >/dev/null # says last what was left out

model: pages ## the judge's invariants over histories by chance, PROPTEST_CASES of them
	PROPTEST_CASES=$(or $(PROPTEST_CASES),40000) cargo test --locked --test model

crash: pages ## two hundred kills at random instants; the table is in target/crash.md
	CRASH_KILLS=200 cargo test --locked --test crash -- --nocapture

headless: build ## the demo's three stories, played by themselves
	$(BIN) demo --headless --listen 127.0.0.1:0

clients: build ## the practice Trello, judged by Trello's client libraries
	cd tests/clients && npm ci --no-audit --no-fund --cache $(CACHE)/npm && SIGNALMAN=$(BIN) node --test

browser: build ## the board page and the Power-Up in Chromium
	cd tests/browser && npm ci --no-audit --no-fund --cache $(CACHE)/npm && SIGNALMAN=$(BIN) node --test

screenshots: build ## the README's pictures of the Power-Up, taken of the demo
	sh scripts/need.sh chromium
	cd tests/browser && npm ci --no-audit --no-fund --cache $(CACHE)/npm && SIGNALMAN=$(BIN) node screenshots.mjs

bench: ## the figures: a table that is printed and kept in target/bench.md
	sh scripts/need.sh cc cargo node npm redis-server taskset
	cd benches/peer && npm ci --no-audit --no-fund --cache $(CACHE)/npm
	cargo bench --locked --bench facts --bench judge
	missed=0; \
	if [ -f benches/storm.rs ]; then cargo bench --locked --bench storm || missed=1; fi; \
	cargo bench --locked --bench figures || missed=1; \
	exit $$missed

# Without a sanitizer, for nothing here is unsafe: so the stable compiler does.
FUZZ_SECONDS ?= 60
FUZZ_TARGETS ?= hook action process description

fuzz: ## random bytes at every door, FUZZ_SECONDS for each; a short run is in `make test`
	@cargo fuzz --version >/dev/null 2>&1 || { echo "cargo-fuzz is needed, and a C++ compiler: cargo install cargo-fuzz --locked" >&2; exit 1; }
	sh scripts/fuzz-seeds.sh
	set -e; for target in $(FUZZ_TARGETS); do \
		CARGO_TARGET_DIR=$(CURDIR)/fuzz/target cargo fuzz run -s none $$target -- \
			-max_total_time=$(FUZZ_SECONDS) -rss_limit_mb=1024 -timeout=20 -max_len=40000; \
	done

clean: ## away with all that was built
	cargo clean
	rm -rf $(PAGE)/dist $(PAGE)/node_modules $(POWERUP)/dist $(POWERUP)/node_modules tests/browser/node_modules tests/clients/node_modules benches/peer/node_modules
