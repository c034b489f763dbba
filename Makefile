# tracemesh: `make demo` runs a small country on this machine, `make test` passes the tests; both set up what they need.
.DEFAULT_GOAL := help
SHELL := /bin/bash
CARGO ?= cargo
SECONDS_OF_LOAD ?= 20

.PHONY: help setup demo demo-kafka test lint bench faults

help: ## this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

setup: ## what is missing on this machine: installs it where it may, else names the packages
	@deploy/setup.sh

demo: ## a nation, two provinces, three cities: records stream in, figures go up, a chain is traced over the borders
	@deploy/setup.sh build
	$(CARGO) run --quiet -p tracemesh -- demo --seconds $(SECONDS_OF_LOAD)

demo-kafka: ## the same with a Kafka broker: providers know nothing but the topics that they write to and read their receipts from
	@deploy/setup.sh broker
	deploy/with-broker.sh $(CARGO) run --quiet -p tracemesh -- demo --seconds $(SECONDS_OF_LOAD) --kafka

test: ## every test, formatting and lints
	@deploy/setup.sh
	$(CARGO) fmt --all --check
	$(CARGO) clippy --workspace --all-targets --quiet -- -D warnings
	$(CARGO) test --workspace --quiet

faults: ## seeds known bugs, one after the other, and shows that the kill test finds each; builds in a folder of its own
	@deploy/setup.sh
	CARGO_TARGET_DIR=$${CARGO_TARGET_DIR:-target}-faults $(CARGO) test --quiet -p tracemesh --features faults --test node -- --nocapture kafka_kill::faults

lint: ## formatting and lints alone
	$(CARGO) fmt --all --check
	$(CARGO) clippy --workspace --all-targets -- -D warnings
