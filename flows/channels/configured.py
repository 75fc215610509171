"""The channels that the settings name, ready to send."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

from flows.channels.console import ConsoleChannel
from flows.channels.delivery import Channel
from flows.channels.mail_server import is_address, read_mail_server, read_recipients
from flows.channels.names import notification_names
from flows.settings import Settings
from warehouse.alerts import PendingAlert

if TYPE_CHECKING:
    from flows.channels.mail import MailChannel


@contextmanager
def open_channels(
    settings: Settings, *, tell: Callable[[PendingAlert], None]
) -> Iterator[tuple[Channel, ...]]:
    """All channels in force, in the order of `settings.channels`; closed at the end of the block.

    `tell` shows an alert on the console. Raises ConfigurationError for an address that cannot be used.
    """
    # Each is imported when it is in force: together they take half a second.
    channels: list[Channel] = []
    if settings.slack_webhook:
        from flows.channels.slack import SlackChannel

        channels.append(SlackChannel(settings.slack_webhook))
    if mail := mail_channel(settings):
        channels.append(mail)
    if settings.notify_urls:
        from flows.channels.apprise_channel import AppriseChannel
    for name, url in zip(notification_names(settings.notify_urls), settings.notify_urls, strict=True):
        channels.append(AppriseChannel(name, url))
    if not channels:
        channels.append(ConsoleChannel(tell))
    with ExitStack() as stack:
        for channel in channels:
            stack.callback(channel.close)
        yield tuple(channels)


def mail_channel(settings: Settings) -> MailChannel | None:
    """The mail channel, to be closed by the caller. None when the settings name no server.

    Raises ConfigurationError for an address that cannot be used.
    """
    if not settings.smtp_url or not settings.alert_to:
        return None
    from flows.channels.mail import MailChannel

    server = read_mail_server(settings.smtp_url)
    recipients = read_recipients(settings.alert_to)
    login = server.user if server.user and is_address(server.user) else None
    return MailChannel(server, sender=settings.alert_from or login or recipients[0], recipients=recipients)
