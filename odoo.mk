# A real Odoo from Debian's packages, for tests: see erp/odoo/odoodev. Needs Linux and root.

ODOO ?= 19
ODOO_WORKERS ?= 0
ODOO_VERSIONS = 19 14

# What is left out on a version, as patterns of go test. What becomes of records does not depend on the protocol: on 19, which
# has two, the suite that all backends pass and the tests of records run over JSON-2 only; those of calls, rights and faults run
# over both. The web page, which knows no versions of Odoo, is tried on 19. To run all of it: make test-odoo SKIP_ON_19= SKIP_ON_14=
SKIP_ON_19 ?= TestConformance/jsonrpc /records/jsonrpc
SKIP_ON_14 ?= TestThePageWithOdooInABrowser
space := $(subst ,, )

.PHONY: odoo-up odoo-down bench-odoo test-odoo test-against-odoo test-odoodev bin/odoodev

odoo-up: bin/odoodev ## a real Odoo until Ctrl-C, its address and keys as JSON; needs root: make odoo-up ODOO=14 ODOO_WORKERS=2
	@exec bin/odoodev up --version $(ODOO) --workers $(ODOO_WORKERS) --folder $(TANDEM_FOLDER)

odoo-down: bin/odoodev ## stop every Odoo of this folder; databases stay
	@for version in $(ODOO_VERSIONS); do bin/odoodev down --version $$version --folder $(TANDEM_FOLDER) || exit; done

test-odoo: bin/odoodev ## all that is tested against a real Odoo, on 14 and 19; needs root, and some minutes more the first time
	@bin/odoodev install --folder $(TANDEM_FOLDER) $(ODOO_VERSIONS)
	@$(MAKE) --no-print-directory -j2 $(ODOO_VERSIONS:%=test-odoo-%)

test-odoo-%: bin/odoodev
	@bin/odoodev run --version $* --folder $(TANDEM_FOLDER) -- env MAKEFLAGS= $(MAKE) --no-print-directory test-against-odoo ODOO=$*

test-against-odoo: ## the same on an Odoo of your own, which TANDEM_ODOO tells how to reach: see docs/odoo.md
	@: $${TANDEM_ODOO:?is not set: it names a JSON file with version, url, database, login and api_key}
	@mkdir -p $(TANDEM_FOLDER); log=$(TANDEM_FOLDER)/test-odoo-$(ODOO).json; code=0; \
		skip='$(subst $(space),|,$(strip TestAnyCallMayGoWrong $(SKIP_ON_$(ODOO))))'; \
		go tool gotestsum --format pkgname --jsonfile $$log -- -tags odoo -count=1 -timeout 60m -skip "$$skip" ./erp/odoo || code=$$?; \
		go tool gotestsum --format pkgname --jsonfile $$log.e2e -- -tags odoo -count=1 -timeout 60m -run Odoo -skip "$$skip" ./e2e || code=$$?; \
		echo "Odoo $(ODOO): $$(cat $$log $$log.e2e | awk '$(COUNT_TESTS)')"; exit $$code

bench-odoo: bin/odoodev ## landing and full cycles beside the same calls made bare, to docs/benchmarks-odoo.md: make bench-odoo ODOO=14 ODOO_WORKERS=2
	@bin/odoodev run --version $(ODOO) --workers $(ODOO_WORKERS) --folder $(TANDEM_FOLDER) -- env ODOO_WORKERS=$(ODOO_WORKERS) \
		go test -tags odoo -run '^$$' -bench '^BenchmarkOdoo$$' -benchtime 1x -timeout 40m ./e2e -table $(CURDIR)/docs/benchmarks-odoo.md

test-odoodev: ## the tests of bringing up Odoo that need root and Debian's packages
	ODOO_FOLDER=$(abspath $(TANDEM_FOLDER)) go test -tags odoo -count=1 -timeout 30m ./erp/odoo/odoodev/...

bin/odoodev:
	@CGO_ENABLED=0 go build -trimpath -o $@ ./erp/odoo/odoodev/cmd
