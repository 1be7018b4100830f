-- +goose Up

-- Every currency that WooCommerce lists: those outside ISO 4217 too, and one of eight decimals.
ALTER TABLE ledger.currencies DROP CONSTRAINT currencies_decimals_check;
ALTER TABLE ledger.currencies ADD CONSTRAINT currencies_decimals_check CHECK (decimals BETWEEN 0 AND 8);

INSERT INTO ledger.currencies (code, name, decimals) VALUES
    ('AFN', 'Afghan afghani', 2), ('ALL', 'Albanian lek', 2), ('AMD', 'Armenian dram', 2),
    ('ANG', 'Netherlands Antillean guilder', 2), ('AOA', 'Angolan kwanza', 2), ('AWG', 'Aruban florin', 2),
    ('AZN', 'Azerbaijani manat', 2), ('BAM', 'Bosnia and Herzegovina convertible mark', 2),
    ('BBD', 'Barbadian dollar', 2), ('BIF', 'Burundian franc', 0), ('BMD', 'Bermudian dollar', 2),
    ('BND', 'Brunei dollar', 2), ('BOB', 'Bolivian boliviano', 2), ('BSD', 'Bahamian dollar', 2),
    ('BTC', 'Bitcoin', 8), ('BTN', 'Bhutanese ngultrum', 2), ('BWP', 'Botswana pula', 2),
    ('BYN', 'Belarusian rouble', 2), ('BYR', 'Belarusian rouble (until 2016)', 0), ('BZD', 'Belize dollar', 2),
    ('CDF', 'Congolese franc', 2), ('CRC', 'Costa Rican colón', 2), ('CUC', 'Cuban convertible peso', 2),
    ('CUP', 'Cuban peso', 2), ('CVE', 'Cape Verdean escudo', 2), ('DJF', 'Djiboutian franc', 0),
    ('ERN', 'Eritrean nakfa', 2), ('ETB', 'Ethiopian birr', 2), ('FJD', 'Fijian dollar', 2),
    ('FKP', 'Falkland Islands pound', 2), ('GGP', 'Guernsey pound', 2), ('GIP', 'Gibraltar pound', 2),
    ('GMD', 'Gambian dalasi', 2), ('GNF', 'Guinean franc', 0), ('GTQ', 'Guatemalan quetzal', 2),
    ('GYD', 'Guyanese dollar', 2), ('HNL', 'Honduran lempira', 2), ('HRK', 'Croatian kuna', 2),
    ('HTG', 'Haitian gourde', 2), ('IMP', 'Manx pound', 2), ('IRR', 'Iranian rial', 2), ('IRT', 'Iranian toman', 2),
    ('JEP', 'Jersey pound', 2), ('JMD', 'Jamaican dollar', 2), ('KGS', 'Kyrgyzstani som', 2),
    ('KHR', 'Cambodian riel', 2), ('KMF', 'Comorian franc', 0), ('KPW', 'North Korean won', 2),
    ('KYD', 'Cayman Islands dollar', 2), ('LAK', 'Lao kip', 2), ('LBP', 'Lebanese pound', 2),
    ('LRD', 'Liberian dollar', 2), ('LSL', 'Lesotho loti', 2), ('MDL', 'Moldovan leu', 2),
    ('MGA', 'Malagasy ariary', 2), ('MKD', 'Macedonian denar', 2), ('MMK', 'Burmese kyat', 2),
    ('MNT', 'Mongolian tögrög', 2), ('MOP', 'Macanese pataca', 2), ('MRU', 'Mauritanian ouguiya', 2),
    ('MUR', 'Mauritian rupee', 2), ('MVR', 'Maldivian rufiyaa', 2), ('MWK', 'Malawian kwacha', 2),
    ('MZN', 'Mozambican metical', 2), ('NAD', 'Namibian dollar', 2), ('NIO', 'Nicaraguan córdoba', 2),
    ('PAB', 'Panamanian balboa', 2), ('PGK', 'Papua New Guinean kina', 2), ('PRB', 'Transnistrian rouble', 2),
    ('RWF', 'Rwandan franc', 0), ('SBD', 'Solomon Islands dollar', 2), ('SCR', 'Seychellois rupee', 2),
    ('SDG', 'Sudanese pound', 2), ('SHP', 'Saint Helena pound', 2), ('SLL', 'Sierra Leonean leone', 2),
    ('SOS', 'Somali shilling', 2), ('SRD', 'Surinamese dollar', 2), ('SSP', 'South Sudanese pound', 2),
    ('STN', 'São Tomé and Príncipe dobra', 2), ('SYP', 'Syrian pound', 2), ('SZL', 'Swazi lilangeni', 2),
    ('TJS', 'Tajikistani somoni', 2), ('TMT', 'Turkmenistan manat', 2), ('TOP', 'Tongan paʻanga', 2),
    ('TTD', 'Trinidad and Tobago dollar', 2), ('UZS', 'Uzbekistani som', 2),
    ('VEF', 'Venezuelan bolívar (until 2018)', 2), ('VES', 'Venezuelan bolívar', 2), ('VUV', 'Vanuatu vatu', 0),
    ('WST', 'Samoan tālā', 2), ('XCD', 'East Caribbean dollar', 2), ('YER', 'Yemeni rial', 2)
ON CONFLICT (code) DO NOTHING;

-- Amounts have the decimals of their currency. Without a limit of its own no table is rewritten.
ALTER TABLE ledger.orders
    ALTER COLUMN untaxed TYPE numeric, ALTER COLUMN tax TYPE numeric, ALTER COLUMN total TYPE numeric;
ALTER TABLE ledger.order_lines
    ALTER COLUMN unit_price TYPE numeric, ALTER COLUMN discount TYPE numeric, ALTER COLUMN total TYPE numeric;
ALTER TABLE ledger.order_taxes ALTER COLUMN amount TYPE numeric;
ALTER TABLE ledger.journal_entries ALTER COLUMN amount TYPE numeric;
ALTER TABLE ledger.postings ALTER COLUMN debit TYPE numeric, ALTER COLUMN credit TYPE numeric;

-- What gift cards and store credit paid: the shop owed it to the customer since the card was sold.
ALTER TABLE ledger.accounts DROP CONSTRAINT accounts_kind_check;
ALTER TABLE ledger.accounts ADD CONSTRAINT accounts_kind_check
    CHECK (kind IN ('receivable', 'income', 'tax', 'tax_refund', 'bank', 'cash', 'rounding', 'credit'));
INSERT INTO ledger.accounts (code, name, kind) VALUES ('230000', 'Gift cards and store credit', 'credit');
ALTER TABLE ledger.companies ADD COLUMN credit_account_id bigint REFERENCES ledger.accounts;
UPDATE ledger.companies SET credit_account_id = (SELECT id FROM ledger.accounts WHERE code = '230000');
ALTER TABLE ledger.companies ALTER COLUMN credit_account_id SET NOT NULL;

ALTER TABLE ledger.order_lines DROP CONSTRAINT order_lines_kind_check;
ALTER TABLE ledger.order_lines ADD CONSTRAINT order_lines_kind_check
    CHECK (kind IN ('product', 'shipping', 'fee', 'credit', 'rounding'));
