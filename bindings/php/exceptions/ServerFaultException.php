<?php

declare(strict_types=1);

namespace Testpress;

/** The server failed, or what stands in its place. */
class ServerFaultException extends TestpressException
{
}
