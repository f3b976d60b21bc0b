<?php

declare(strict_types=1);

namespace Testpress;

/**
 * What every failure of this package is: of a class below this one, or of this one itself when the library is newer
 * than this package and returns a status that it doesn't know.
 *
 * getMessage() is for the developer, in English: what happened, to which host, in which phase, and what to do.
 * serverMessage() and fieldErrors() are for the user. None carries a password or a token, nor does the stack trace
 * carry any argument.
 */
class TestpressException extends \RuntimeException
{
    /**
     * Public for the tests of an application: new ThrottledException('slow down', retryAfter: 60).
     */
    public function __construct(
        string $message = '',
        private readonly int $status = 0,
        private readonly string $statusName = '',
        private readonly ?int $httpStatus = null,
        private readonly ?string $serverCode = null,
        private readonly ?string $serverMessage = null,
        private readonly ?string $serverBody = null,
        private readonly ?int $retryAfter = null,
        private readonly bool $retryable = false,
        private readonly bool $requestSent = false,
    ) {
        parent::__construct($message, $status);
    }

    /** The number of the status (TP_E_...); 0 when the library could not be loaded. */
    final public function status(): int
    {
        return $this->status;
    }

    /** The status's name, such as "TP_E_TLS"; "" when the library could not be loaded. */
    final public function statusName(): string
    {
        return $this->statusName;
    }

    /** The HTTP status of the answer, such as 429; null when there was none. */
    final public function httpStatus(): ?int
    {
        return $this->httpStatus;
    }

    /** The server's "error_code", such as "max_login_exceeded". */
    final public function serverCode(): ?string
    {
        return $this->serverCode;
    }

    /**
     * The server's own words for the user, in the language it chose. It may hold anything: escape it before it goes
     * into a page.
     */
    final public function serverMessage(): ?string
    {
        return $this->serverMessage;
    }

    /** The server's whole JSON answer; null when it was no JSON object, or longer than 8 KiB. */
    final public function serverBody(): ?string
    {
        return $this->serverBody;
    }

    /**
     * The server's words about each field of the form, from its answer. To be escaped, like serverMessage().
     *
     * @return array<string, list<string>>
     */
    final public function fieldErrors(): array
    {
        $body = json_decode($this->serverBody ?? '', true);
        $texts = static fn (mixed $value): array =>
            is_array($value) && array_is_list($value) ? array_values(array_filter($value, 'is_string')) : [];
        return is_array($body) ? array_filter(array_map($texts, $body)) : [];
    }

    /** Seconds to wait before the next try, where the server named them. */
    final public function retryAfter(): ?int
    {
        return $this->retryAfter;
    }

    /** Whether the same call may work later. */
    final public function retryable(): bool
    {
        return $this->retryable;
    }

    /** Whether the server may have seen the request. */
    final public function requestSent(): bool
    {
        return $this->requestSent;
    }
}
