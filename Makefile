# `make` alone lists the targets.

TANDEM_FOLDER ?= .tandem
VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)

.DEFAULT_GOAL := help
include odoo.mk
.PHONY: help run build web web-check screenshots test bench contract lint check up down clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: build ## everything on this machine with a demo store: make run ARGS="--once --json"
	@exec bin/tandem dev $(ARGS)

build: ## bin/tandem
	@echo "building bin/tandem (a minute or two the first time) …" >&2
	@CGO_ENABLED=0 go build -trimpath -ldflags "-X main.version=$(VERSION)" -o bin/tandem ./cmd/tandem

# npm installs exactly what the lock file says, and only when that has changed.
web/node_modules/.package-lock.json: web/package-lock.json
	cd web && npm ci --no-audit --no-fund
	@touch $@

web: web/node_modules/.package-lock.json ## the web page, built into web/dist, which is committed; needs Node 20.19 or newer
	cd web && npm run build

# The page needs Node only where it is changed. Where there is none, the committed build is taken as it is.
web-check: ## types, lint and tests of the page, and whether web/dist is fresh; says so where Node is missing
	@if command -v npm >/dev/null && node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)'; then \
		$(MAKE) web && (cd web && npm run check) && \
		test -z "$$(git status --porcelain -- web/dist)" || { git status --short -- web/dist; echo "web/dist is not what the sources build: run make web and commit it"; exit 1; }; \
	else echo "WARNING: THE WEB PAGE WAS NOT CHECKED: that takes Node 20.19 or newer, with npm" >&2; fi

screenshots: ## pictures of the web page for the documentation, made by its browser test
	SCREENSHOTS=$(CURDIR)/docs/images go test -count=1 -timeout 45m -run '^TestThePageInABrowser$$' ./e2e

# COUNT_TESTS is an awk program that reads the events of go test.
COUNT_TESTS = /"Test":/ && /"Action":"pass"/ { p++ } /"Test":/ && /"Action":"fail"/ { f++ } END { printf "%d passed, %d failed\n", p, f }

GOTESTSUM = go tool gotestsum --format pkgname-and-test-fails
# The race detector needs a C compiler; without one the same tests run without it.
RACE = $(if $(shell command -v gcc || command -v clang),-race)

# Vet is part of lint, as golangci-lint's govet.
GOTEST_FLAGS = -vet=off

# What runs without it, because it takes minutes of both cores with it, and what Tandem does at the same time has tests of its own:
# every fault at every call to the fake Odoo, and ten thousand random edits of both sides.
LONG = ^(TestAnyCallMayGoWrong|TestBothSidesConverge)$$

test: ## all tests, with the race detector but for the end-to-end ones; TEMPORAL_CLI and TEST_DATABASE_URL spare building or starting those
	@mkdir -p $(TANDEM_FOLDER)
	@code=0; \
		$(GOTESTSUM) --jsonfile $(TANDEM_FOLDER)/test.json -- $(GOTEST_FLAGS) $(RACE) -timeout 20m -skip '$(LONG)' $$(go list ./... | grep -v '/e2e$$') || code=$$?; \
		$(GOTESTSUM) --jsonfile $(TANDEM_FOLDER)/test-long.json -- $(GOTEST_FLAGS) -timeout 20m -run '$(LONG)' ./erp/odoo ./entity/exporttest || code=$$?; \
		$(GOTESTSUM) --jsonfile $(TANDEM_FOLDER)/test-e2e.json -- $(GOTEST_FLAGS) -timeout 45m ./e2e || code=$$?; \
		cat $(TANDEM_FOLDER)/test.json $(TANDEM_FOLDER)/test-long.json $(TANDEM_FOLDER)/test-e2e.json | awk '$(COUNT_TESTS)'; exit $$code

bench: ## imports of 1k to 100k orders, slow stores, sale workflows; the table goes to docs/benchmarks.md
	go test -run '^$$' -bench . -benchtime 1x -timeout 40m ./e2e -table $(CURDIR)/docs/benchmarks.md

contract: ## the store contract against a real store: make contract STORE_URL=https://… CONSUMER_KEY=ck_… CONSUMER_SECRET=cs_…
	@: $${STORE_URL:?is not set} $${CONSUMER_KEY:?is not set} $${CONSUMER_SECRET:?is not set}; \
		go test -count=1 -run Contract ./woo/...

# The linter is pinned in a module of its own, so that its dependencies are not the program's.
GOLANGCI_LINT = go tool -modfile=tools/go.mod golangci-lint

lint: ## formatting, determinism of workflows, generated files, golangci-lint, the web page
	@unformatted=$$(gofmt -l $$(git ls-files '*.go')) && test -z "$$unformatted" || { echo "$$unformatted"; echo "run gofmt -w on these"; exit 1; }
	go tool workflowcheck -config workflowcheck.yaml ./workflows/...
	go generate ./api/gen && git diff --exit-code --stat -- api/gen
	$(GOLANGCI_LINT) run
	$(MAKE) web-check

check: lint test ## what must pass before a commit

up: .env ## the same as run on containers; TANDEM_VERSION and ports come from .env, see docker-compose.yml
	docker compose up --build

down: ## stop the containers; their data stays
	docker compose down

.env:
	@(umask 077 && echo "TANDEM_SECRET_KEY=$$(head -c 32 /dev/urandom | base64)" >$@)

clean: ## remove binaries and everything `make run` keeps, the imported data included
	@if [ -L $(TANDEM_FOLDER)/postgres ]; then rm -rf "$$(readlink $(TANDEM_FOLDER)/postgres)"; fi
	rm -rf bin $(TANDEM_FOLDER)
