"""What stands in BottleCRM before a test: an organisation, its administrator with an access token of a
known value, and a field for a card's id on contacts and accounts.

    DBNAME=… DJANGO_SETTINGS_MODULE=crm.settings python seed.py
"""
import django

django.setup()

from common.models import CustomFieldDefinition, Org, PersonalAccessToken, Profile, User  # noqa: E402

TOKEN = 'bcrm_pat_signalman-test-token'

org = Org.objects.create(name='Оператор радио', company_name='Оператор радио', default_currency='RUB')
user = User.objects.create(email='signalman@example.org', name='Signalman', is_active=True)
profile = Profile.objects.create(
    user=user, org=org, role='ADMIN', is_organization_admin=True, has_sales_access=True, is_active=True)
PersonalAccessToken.objects.create(
    org=org, profile=profile, name='test', token_hash=PersonalAccessToken.hash_token(TOKEN),
    token_prefix=TOKEN[:13], created_by=user)
for model in ('Contact', 'Account'):
    CustomFieldDefinition.objects.create(
        org=org, target_model=model, key='trello_card', label='Trello', field_type='text', is_filterable=True)
