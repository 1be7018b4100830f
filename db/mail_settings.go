package db

import (
	"context"
	"database/sql"
	"errors"

	"github.com/jmoiron/sqlx"

	"tandem/fault"
)

// MailSettings say how mail is sent.
type MailSettings struct {
	Host       string
	Port       int
	Security   string
	Username   string
	Password   string
	Sender     string
	SenderName string
}

// String hides the password from logs.
func (MailSettings) String() string { return "[redacted]" }

// mailOwner is whom the password is sealed for.
const mailOwner = "mail settings"

// CodeNoMail is the code of the fault that nobody has said yet how mail is sent.
const CodeNoMail = "no_mail_settings"

// sealedMailSettings are settings as they are kept.
type sealedMailSettings struct {
	MailSettings
	Sealed []byte
}

// MailSettings gives how mail is sent. NotFound, with CodeNoMail, when nobody has said it.
func (d *DB) MailSettings(ctx context.Context) (MailSettings, error) {
	var row sealedMailSettings
	err := d.pool.GetContext(ctx, &row, `
		SELECT host, port, security, username, password AS sealed, sender, sender_name AS sendername FROM tandem.mail_settings`)
	if errors.Is(err, sql.ErrNoRows) {
		return MailSettings{}, &fault.Error{
			Kind: fault.NotFound, Code: CodeNoMail, Message: "no mail server is set: tandem mail set, or PUT /mail-settings",
		}
	}
	if err != nil {
		return MailSettings{}, classify(err, "reading the mail settings")
	}
	password, err := d.keys.open(row.Sealed, mailOwner)
	row.Password = string(password)
	return row.MailSettings, err
}

// SetMailSettings replaces how mail is sent.
func (d *DB) SetMailSettings(ctx context.Context, s MailSettings) error {
	_, err := d.pool.ExecContext(ctx, `
		INSERT INTO tandem.mail_settings (host, port, security, username, password, sender, sender_name) VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (single) DO UPDATE SET host = $1, port = $2, security = $3, username = $4, password = $5, sender = $6, sender_name = $7,
		  updated_at = now()`,
		s.Host, s.Port, s.Security, s.Username, d.keys.seal([]byte(s.Password), mailOwner), s.Sender, s.SenderName)
	return classify(err, "storing the mail settings")
}

// DeleteMailSettings forgets how mail is sent: none is, from then on.
func (d *DB) DeleteMailSettings(ctx context.Context) error {
	_, err := d.pool.ExecContext(ctx, `DELETE FROM tandem.mail_settings`)
	return classify(err, "deleting the mail settings")
}

// mailPassword gives the sealed password; nil when there are no settings. A transaction locks it.
func mailPassword(ctx context.Context, q sqlx.QueryerContext) (sealed []byte, err error) {
	query := `SELECT password FROM tandem.mail_settings`
	if _, locking := q.(*sqlx.Tx); locking {
		query += ` FOR UPDATE`
	}
	err = sqlx.GetContext(ctx, q, &sealed, query)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	return sealed, err
}

// rekeyMail seals the password with the first secret key. With forget, settings that no key opens are deleted, to be entered again.
func (d *DB) rekeyMail(ctx context.Context, tx *sqlx.Tx, forget bool) (resealed, forgotten int, err error) {
	sealed, err := mailPassword(ctx, tx)
	if err != nil || sealed == nil || d.keys.sealedByFirst(sealed) {
		return 0, 0, err
	}
	plain, err := d.keys.open(sealed, mailOwner)
	if isWrongKey(err) && forget {
		_, err = tx.ExecContext(ctx, `DELETE FROM tandem.mail_settings`)
		return 1, 1, err
	}
	if err != nil {
		return 0, 0, err
	}
	_, err = tx.ExecContext(ctx, `UPDATE tandem.mail_settings SET password = $1`, d.keys.seal(plain, mailOwner))
	return 1, 0, err
}
