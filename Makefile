# The commands of the house. `make run` and `make test` do their own set-up.
SHELL := /bin/bash
.DEFAULT_GOAL := help

# Built outside the clone, so that a fresh clone builds only what is ours.
export CARGO_TARGET_DIR ?= $(HOME)/.cache/laotie/target
export CARGO_TERM_COLOR ?= auto
PROFILE ?= quick
BIN = $(CARGO_TARGET_DIR)/$(PROFILE)/laotie
LISTEN ?= 127.0.0.1:8181
DATA ?= ./laotie-data

.PHONY: help setup setup-tests run test check lint docs licences generated e2e bench crash fuzz release clean

help: ## what there is
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

setup: ## installs what is missing, or names it
	@scripts/setup

setup-tests:
	@scripts/setup --tests

console/dist/index.html: $(shell find console/src console/public console/index.html console/package-lock.json console/vite.config.ts -type f 2>/dev/null)
	cd console && npm ci --no-audit --no-fund --loglevel=error && npm run build

$(BIN): FORCE console/dist/index.html
	cargo build --locked --profile $(PROFILE) -p laotie-cli
FORCE:

run: setup $(BIN) ## builds, loads the example shop, opens a simulated market beside it and serves the console
	$(BIN) up --listen $(LISTEN) --data $(DATA) --example online-retail --simulate

test: setup-tests console/dist/index.html ## everything that can be tested on this machine
	cd console && npm test --silent
	LAOTIE_FUZZ_SECONDS=$${LAOTIE_FUZZ_SECONDS:-60} cargo nextest run --locked --cargo-profile $(PROFILE) --workspace
	cargo test --locked --profile $(PROFILE) --workspace --doc
	$(MAKE) e2e
	$(BIN) audit --seed 11 --weeks 2 --scale 0.05 --every fact --disorder 40
	$(BIN) crash --runs 5 --on sqlite
	scripts/with-postgres $(BIN) crash --runs 5 --on postgres

e2e: $(BIN) ## the console in a real browser
	scripts/e2e $(BIN)

lint:
	cargo fmt --all --check
	cargo clippy --locked --profile $(PROFILE) --workspace --all-targets -- -D warnings
	scripts/arrows

docs:
	RUSTDOCFLAGS="-D warnings" cargo doc --locked --profile $(PROFILE) --workspace --no-deps --quiet

licences:
	scripts/licences

generated: $(BIN)
	scripts/generated $(BIN) --check

check: setup-tests lint licences generated docs test ## all of CI, on your desk

bench: ## figures beside their baselines, into docs/bench
	scripts/bench

crash: $(BIN) ## kill -9 under load, 50 times on each database
	$(BIN) crash --runs 50 --on sqlite
	scripts/with-postgres $(BIN) crash --runs 50 --on postgres

fuzz: ## an hour of fuzzing the fact parser and the mapping reader
	LAOTIE_FUZZ_SECONDS=1800 cargo nextest run --locked --cargo-profile $(PROFILE) --workspace -E 'test(fuzz)' --no-capture

release: console/dist/index.html ## the real thing, fully optimised (17 minutes and more on two cores)
	cargo build --locked --release -p laotie-cli
	@echo "built $(CARGO_TARGET_DIR)/release/laotie"

clean: ## removes what was built here (not the shared target folder)
	rm -rf console/dist console/node_modules
