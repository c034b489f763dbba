# tracemesh: `make demo` runs a small country on this machine, `make test` passes the tests; both set up what they need.
.DEFAULT_GOAL := help
SHELL := /bin/bash
CARGO ?= cargo
SECONDS_OF_LOAD ?= 20
# How long the random tests run when they are not in a hurry; each prints its seed.
FULL := PROPTEST_CASES=1000 TRACEMESH_TEST_SCALE=5 TRACEMESH_SIMULATION_SEEDS=500 TRACEMESH_LINK_SEEDS=20 TRACEMESH_KILLS=20 TRACEMESH_KILL_RECORDS=100000

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

# The same random cases every time, so that what fails is what was changed; `make faults` goes where nobody was.
test: ## every test, formatting and lints
	@deploy/setup.sh
	$(CARGO) fmt --all --check
	$(CARGO) clippy --workspace --all-targets --quiet -- -D warnings
	PROPTEST_RNG_SEED=38157 $(CARGO) test --workspace --quiet

faults: ## the random tests at full length, then known bugs, one after the other, each of which the kill test must find
	@deploy/setup.sh
	$(FULL) $(CARGO) test --workspace --quiet --no-fail-fast -- --nocapture graphs:: mesh:: outbreak:: schedules:: simulation:: link:: kill detectors::
	CARGO_TARGET_DIR=$${CARGO_TARGET_DIR:-target}-faults $(CARGO) test --quiet --workspace --features tracemesh/faults --test node -- --nocapture kafka_kill::faults

bench: ## intake, following, tracing, recalls and outbreaks, each beside what cannot be done faster; a document of figures a bench
	@deploy/setup.sh build
	for name in ingest-sqlite follow trace recall outbreak; do $(CARGO) run --quiet --release -p tracemesh -- bench $$name --json; done

lint: ## formatting and lints alone
	$(CARGO) fmt --all --check
	$(CARGO) clippy --workspace --all-targets -- -D warnings
