# A real Odoo from Debian's packages, for tests: see erp/odoo/odoodev. Needs Linux and root.

ODOO ?= 19
ODOO_WORKERS ?= 0
ODOO_VERSIONS = 14 19

.PHONY: odoo-up odoo-down test-odoodev bin/odoodev

odoo-up: bin/odoodev ## a real Odoo until Ctrl-C, its address and keys as JSON; needs root: make odoo-up ODOO=14 ODOO_WORKERS=2
	@exec bin/odoodev up --version $(ODOO) --workers $(ODOO_WORKERS) --folder $(TANDEM_FOLDER)

odoo-down: bin/odoodev ## stop every Odoo of this folder; databases stay
	@for version in $(ODOO_VERSIONS); do bin/odoodev down --version $$version --folder $(TANDEM_FOLDER) || exit; done

test-odoodev: ## the tests of bringing up Odoo that need root and Debian's packages
	ODOO_FOLDER=$(abspath $(TANDEM_FOLDER)) go test -tags odoo -count=1 -timeout 30m ./erp/odoo/odoodev/...

bin/odoodev:
	@CGO_ENABLED=0 go build -trimpath -o $@ ./erp/odoo/odoodev/cmd
