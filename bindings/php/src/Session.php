<?php

declare(strict_types=1);

namespace Testpress;

use FFI\CData;
use Testpress\Native\Arguments;
use Testpress\Native\Bridge;
use Testpress\Native\Handles;
use Testpress\Native\Log;
use Testpress\Native\NotCopied;

/**
 * The credentials of one user, and always a valid token for them: it logs in when that is needed, and not more often.
 *
 *     $session = new Testpress\Session(new Testpress\Client('demo', ['store' => 'file']), $username, $password);
 *     $header = $session->header();
 *
 * Sessions with the same institute, user and password share one token, unless their clients differ in trust, client
 * certificate, proxy, api_version, login_encoding or store. They do so in this process, or, where the client's option
 * store is "file", in all processes of this machine's user.
 *
 * It is for an application's own account. It may have a token already, and then sends nothing: check people's
 * passwords with Client::login. It keeps its client, which may be closed before it. A forked process may use the one it
 * inherited. It can't be cloned or serialized.
 */
final class Session
{
    use NotCopied;

    /** How many tokens it remembers: the last one's header may still be in a request that is about to go out. */
    private const REMEMBERED = 2;

    private readonly ?Log $log;
    private readonly string $origin;
    private readonly int $number;

    /** @var list<Token> the last ones that it gave */
    private array $given = [];

    /**
     * Copies the credentials, and sends nothing: the first token() logs in.
     *
     * @param string $username and $password: as for Client::login
     * @throws InvalidArgumentException
     */
    public function __construct(Client $client, string $username, #[\SensitiveParameter] string $password)
    {
        $this->origin = $client->origin();
        Arguments::text('username', $username);
        Arguments::text('password', $password);
        $this->log = $client->log();
        $session = Handles::lend($client, static fn (CData $handle): CData => Bridge::get()->make(
            'tp_session',
            'tp_session_new',
            $handle,
            $username,
            $password,
        ));
        $this->number = Handles::keep($this, $session, 'tp_session_free');
    }

    /**
     * A valid token: at once while there is one, else from a login, which blocks this process as Client::login does.
     *
     * After a login that failed, the same exception comes back at once until the back-off has ended, with the seconds
     * that are left in retryAfter(), and nothing is sent. The back-off lasts 0.5 to 30 seconds after a failure of the
     * server or the network, 60 seconds to an hour after a refusal, and as long as the server said where it named a
     * wait. Client::login is always sent, and ends the back-off when it succeeds.
     *
     * @param ?float $timeout seconds for this call; null takes the client's option timeout_ms (30 seconds)
     * @throws TestpressException of the class that README.md lists for each status
     */
    public function token(?float $timeout = null): Token
    {
        $token = Handles::lend($this, function (CData $session) use ($timeout): Token {
            $milliseconds = $timeout === null ? 0 : Arguments::timeout($timeout);
            return $this->logged(static fn (): Token => self::call($session, $milliseconds));
        });
        $this->remember($token);
        return $token;
    }

    /**
     * The header's value of a valid token, "JWT eyJ...". A secret.
     *
     * @throws TestpressException as token()
     */
    public function authorization(?float $timeout = null): string
    {
        return $this->token($timeout)->authorization();
    }

    /**
     * The whole header line of a valid token, "Authorization: JWT eyJ...". A secret: send it to origin() only.
     *
     * @throws TestpressException as token()
     */
    public function header(?float $timeout = null): string
    {
        return $this->token($timeout)->header();
    }

    /**
     * Tells that the server answered 401 to this token: the next token() is another one. Nothing happens when it was
     * replaced already. After two rejected tokens within a minute no login is made for a minute, and token() gives the
     * newest one. Sends nothing.
     */
    public function reject(Token $token): void
    {
        Handles::lend($this, function (CData $session) use ($token): void {
            $token = Handles::of($token);
            $this->logged(static fn () => Bridge::get()->library->tp_session_reject($session, $token));
        });
    }

    /**
     * Tries the store that the client's option store names: reads, locks and writes. Returns if it can be used, as
     * "memory" always can.
     *
     * A login never fails for its store: one that can't be used is passed over, with a warning in the client's log.
     * This is for those who want to know, such as a health check.
     *
     * @throws StoreException with what is wrong and what to do
     */
    public function checkStore(): void
    {
        Handles::lend($this, function (CData $session): void {
            $this->logged(static fn () => Bridge::get()->call('tp_session_check_store', $session));
        });
    }

    /** Where credentials and tokens go, such as "https://demo.testpress.in". */
    public function origin(): string
    {
        return Handles::lend($this, fn (): string => $this->origin);
    }

    /**
     * Wipes the credentials; tokens live on. Again is fine; any other use afterwards throws InvalidArgumentException.
     */
    public function close(): void
    {
        $this->given = [];
        Handles::free($this);
    }

    public function __destruct()
    {
        $this->close();
    }

    /** @return array<string, string> what var_dump and print_r show */
    public function __debugInfo(): array
    {
        return Handles::has($this) ? ['origin' => $this->origin] : [];
    }

    /**
     * Whether that is the header's value of a token that it gave of late.
     *
     * @internal
     */
    public function gave(#[\SensitiveParameter] string $authorization): bool
    {
        foreach ($this->given as $token) {
            if ($token->authorization() === $authorization) {
                return true;
            }
        }
        return false;
    }

    private static function call(CData $session, int $milliseconds): Token
    {
        $bridge = Bridge::get();
        $call = $milliseconds === 0 ? null : $bridge->library->tp_call_new($milliseconds);
        try {
            return Token::own($bridge->make('tp_token', 'tp_session_token', $session, $call));
        } finally {
            $bridge->library->tp_call_free($call);
        }
    }

    /**
     * @template T
     * @param \Closure(): T $call
     * @return T
     */
    private function logged(\Closure $call): mixed
    {
        return $this->log === null ? $call() : $this->log->during($call);
    }

    private function remember(Token $token): void
    {
        if (!$this->gave($token->authorization())) {
            $this->given = array_slice([...$this->given, $token], -self::REMEMBERED);
        }
    }
}
