<?php

declare(strict_types=1);

namespace Testpress;

use FFI\CData;
use Testpress\Native\Arguments;
use Testpress\Native\Bridge;
use Testpress\Native\Handles;
use Testpress\Native\NotCopied;

/**
 * A login that succeeded. Immutable; it is freed, and its secret wiped, with the last reference to it.
 *
 * Nothing that prints an object shows the secret; it can't be cloned or serialized. To keep it, keep jwt() in a place
 * that is as safe as a password's, and make it anew with fromJwt().
 */
final class Token
{
    use NotCopied;

    private readonly int $number;

    private function __construct(CData $token)
    {
        $this->number = Handles::keep($this, $token, 'tp_token_free');
    }

    /**
     * Makes a token from a JWT that was kept elsewhere. Nothing is sent, and nothing is verified: only the server can.
     *
     * @param string $institute as for Client: where the header may go
     * @param string $jwt 1 byte to 8 KiB of visible ASCII
     * @throws InvalidArgumentException
     */
    public static function fromJwt(string $institute, #[\SensitiveParameter] string $jwt): self
    {
        Arguments::text('institute', $institute);
        Arguments::text('jwt', $jwt);
        return self::own(Bridge::get()->make('tp_token', 'tp_token_from_jwt', $institute, $jwt));
    }

    /**
     * @internal
     */
    public static function own(CData $token): self
    {
        return new self($token);
    }

    /** The header's value, "JWT eyJ...", for HTTP clients that take name and value apart. A secret. */
    public function authorization(): string
    {
        return $this->ask('tp_auth_value');
    }

    /** The whole header line, "Authorization: JWT eyJ...". A secret: send it to origin() only, keep it out of logs. */
    public function header(): string
    {
        return $this->ask('tp_auth_header');
    }

    /** The JWT alone, "eyJ...". A secret. */
    public function jwt(): string
    {
        return $this->ask('tp_token_jwt');
    }

    /** Where the header may go, such as "https://demo.testpress.in". */
    public function origin(): string
    {
        return $this->ask('tp_token_origin');
    }

    /** When it expires, in UTC; null when unknown. */
    public function expiresAt(): ?\DateTimeImmutable
    {
        $seconds = $this->ask('tp_token_expires_at');
        return $seconds === 0 ? null : (new \DateTimeImmutable('@0'))->setTimestamp($seconds);
    }

    /** Seconds left by this machine's clock, negative when past; null when unknown. */
    public function expiresIn(): ?int
    {
        $seconds = $this->ask('tp_token_expires_in');
        return $seconds === PHP_INT_MAX ? null : $seconds;
    }

    /** The claim "username", an integer as its digits. Claims are what the token says: a hint, no proof. */
    public function username(): ?string
    {
        return $this->ask('tp_token_username');
    }

    /** The claim "user_id". */
    public function userId(): ?int
    {
        $id = $this->ask('tp_token_user_id');
        return $id === -1 ? null : $id;
    }

    /** The claim "email". */
    public function email(): ?string
    {
        return $this->ask('tp_token_email');
    }

    /**
     * All claims; empty when the token has none that can be read. An integer beyond 64 bits is a string of its digits.
     *
     * @return array<string, mixed>
     */
    public function claims(): array
    {
        $claims = json_decode($this->ask('tp_token_claims') ?? '', true, 512, JSON_BIGINT_AS_STRING);
        return is_array($claims) ? $claims : [];
    }

    public function __destruct()
    {
        Handles::free($this);
    }

    /** @return array<string, mixed> what var_dump and print_r show */
    public function __debugInfo(): array
    {
        return Handles::has($this) ? ['origin' => $this->origin(), 'expiresAt' => $this->expiresAt()] : [];
    }

    private function ask(string $getter): mixed
    {
        return Bridge::get()->library->$getter(Handles::of($this));
    }
}
