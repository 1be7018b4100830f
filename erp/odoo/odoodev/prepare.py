# Runs in "odoo shell" on the new template database: "env" is the superuser's.
import odoo

company = env.company
if not env['account.journal'].search([('type', '=', 'bank'), ('company_id', '=', company.id)]):
    raise Exception('the database has no chart of accounts')

currencies = env['res.currency'].with_context(active_test=False)
currencies.search([('name', 'in', ['EUR', 'GBP', 'JPY', 'KWD', 'USD'])]).write({'active': True})
# Allowed only as long as nothing is posted.
company.currency_id = currencies.search([('name', '=', 'EUR')])

# As WooCommerce does unless it is told otherwise.
company.tax_calculation_rounding_method = 'round_per_line'

# Goods sold in thousandths, and prices that times a quantity are the store's total.
precisions = ['Product Price', 'Product Unit', 'Product Unit of Measure']
env['decimal.precision'].search([('name', 'in', precisions)]).write({'digits': 6})
if odoo.release.version_info[0] < 19:  # later units round as the precision says
    env.ref('uom.product_uom_unit').rounding = 0.001

journals = env['account.journal']
if not journals.search([('type', '=', 'cash'), ('company_id', '=', company.id)]):
    journals.create({'name': 'Cash', 'code': 'CSH9', 'type': 'cash'})
if odoo.release.version_info[0] >= 18:
    # Payments post entries only where an account is named for what is on its way.
    outstanding = env['account.account'].search([('account_type', '=', 'asset_current'), ('reconcile', '=', True)], limit=1)
    lines = env['account.payment.method.line'].search([('payment_type', '=', 'inbound'), ('payment_account_id', '=', False)])
    lines.payment_account_id = outstanding

# The user that Tandem connects as, with the rights that docs/odoo.md asks for and no more. It has no password: over JSON-RPC,
# Odoo compares a key with the password first, which takes 19 half a second each time.
rights = ['base.group_user', 'base.group_system', 'sales_team.group_sale_manager', 'stock.group_stock_manager',
          'account.group_account_manager']
groups = 'group_ids' if odoo.release.version_info[0] >= 19 else 'groups_id'
user = env['res.users'].with_context(no_reset_password=True).create({
    'name': 'Tandem', 'login': 'tandem', 'email': 'tandem@example.com',
    groups: [(6, 0, [env.ref(name).id for name in rights])]})

keys = env(user=user)['res.users.apikeys']
# Administrators may have a key that never expires; before 18 no key does.
expiry = [None] if odoo.release.version_info[0] >= 18 else []
key = keys._generate('rpc', 'tandem', *expiry)
env.cr.commit()
print('api_key:' + key)
