"""What stands in Tryton before a test: a firm in roubles with accounts, this fiscal year and the next,
a service to charge for, a category for royalties, and a user whose key opens the REST interface.

    TRYTOND_DATABASE_URI=postgresql://… python seed.py YEAR
"""
import datetime
import sys
from decimal import Decimal

from proteus import Model, config
from trytond.modules.account.tests.tools import create_chart, create_fiscalyear, get_accounts
from trytond.modules.account_invoice.tests.tools import set_fiscalyear_invoice_sequences
from trytond.modules.company.tests.tools import create_company, get_company

KEY = 'signalman-test-key'

year = int(sys.argv[1])
config.set_trytond()

Currency = Model.get('currency.currency')
rouble = Currency(name='Российский рубль', symbol='₽', code='RUB', numeric_code='643')
rouble.save()
Party = Model.get('party.party')
firm = Party(name='Оператор радио')
firm.save()
create_company(party=firm, currency=rouble)
company = get_company()
create_chart(company)
accounts = get_accounts(company)

for number in (year, year + 1):
    whole = (datetime.date(number, 1, 1), datetime.date(number, 12, 31))
    fiscal_year = create_fiscalyear(company, whole)
    fiscal_year.name = str(number)
    set_fiscalyear_invoice_sequences(fiscal_year)
    fiscal_year.click('create_period')

PaymentTerm = Model.get('account.invoice.payment_term')
term = PaymentTerm(name='Сразу')
term.lines.new(type='remainder')
term.save()

ProductCategory = Model.get('product.category')
services = ProductCategory(name='Услуги', accounting=True)
Account = Model.get('account.account')
services.account_revenue, = Account.find([('code', '=', '4.2.2')])  # services rendered over time
services.account_expense = accounts['expense']
services.save()
Uom = Model.get('product.uom')
unit, = Uom.find([('name', '=', 'Unit')])
Template = Model.get('product.template')
template = Template(name='Абонентская плата', type='service', default_uom=unit)
template.salable = True
template.list_price = Decimal(0)
template.account_category = services
product, = template.products
product.suffix_code = 'ABON'
template.save()
product, = template.products

RecurrenceRuleSet = Model.get('sale.subscription.recurrence.rule.set')
monthly = RecurrenceRuleSet(name='Ежемесячно')
rule, = monthly.rules
rule.freq, rule.interval = 'monthly', 1
monthly.save()
Service = Model.get('sale.subscription.service')
Service(product=product, consumption_recurrence=monthly).save()

Category = Model.get('party.category')
Category(name='Роялти').save()

Group = Model.get('res.group')
User = Model.get('res.user')
user = User(name='Signalman', login='signalman', password='signalman-test-password')
user.companies.append(company)
user.save()
user.company = company
for name in ('Accounting', 'Party Administration', 'Sales'):
    user.groups.extend(Group.find([('name', '=', name)]))
user.save()
Application = Model.get('res.user.application')
Application(key=KEY, user=user, application='rest', state='validated').save()
