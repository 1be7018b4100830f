# Runs in "odoo shell" on the new template database: "env" is the superuser's.
import odoo

company = env.company
if not env['account.journal'].search([('type', '=', 'bank'), ('company_id', '=', company.id)]):
    raise Exception('the database has no chart of accounts')

currencies = env['res.currency'].with_context(active_test=False)
currencies.search([('name', 'in', ['EUR', 'GBP', 'USD'])]).write({'active': True})
# Allowed only as long as nothing is posted.
company.currency_id = currencies.search([('name', '=', 'EUR')])

keys = env(user=env.ref('base.user_admin'))['res.users.apikeys']
# Administrators may have a key that never expires; before 18 no key does.
expiry = [None] if odoo.release.version_info[0] >= 18 else []
key = keys._generate('rpc', 'tandem', *expiry)
env.cr.commit()
print('api_key:' + key)
