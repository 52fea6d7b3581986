import type { InboundAttachment } from '../channel-adapter.ts';
import type { TelegramFile, TelegramMessage } from './update-schema.ts';

/** What came with a message, in our words. The largest of a picture's sizes is the picture. */
export function attachmentsOf(message: TelegramMessage): InboundAttachment[] {
  const { photo, voice, audio, video, video_note: round, animation, document, sticker, venue, location, contact } = message;
  if (photo?.length)
    return [
      fromFile(
        'image',
        photo.reduce((a, b) => ((b.file_size ?? b.width ?? 0) > (a.file_size ?? a.width ?? 0) ? b : a)),
        'photo.jpg',
        'image/jpeg',
      ),
    ];
  if (voice) return [fromFile('voice', voice, 'voice.ogg', 'audio/ogg')];
  if (audio) return [fromFile('audio', audio, 'audio', 'audio/mpeg')];
  if (video) return [fromFile('video', video, 'video.mp4', 'video/mp4')];
  if (round) return [fromFile('video', round, 'video.mp4', 'video/mp4')];
  // An animation also comes as a document, for older clients.
  if (animation) return [fromFile('video', animation, 'animation.mp4', 'video/mp4')];
  if (document)
    return [fromFile(document.mime_type?.startsWith('image/') ? 'image' : 'document', document, 'file', 'application/octet-stream')];
  if (sticker)
    return [
      fromFile(
        'sticker',
        { ...sticker, file_name: sticker.emoji ?? 'sticker' },
        'sticker',
        sticker.is_animated ? 'application/x-tgsticker' : sticker.is_video ? 'video/webm' : 'image/webp',
      ),
    ];
  if (venue)
    return [{ kind: 'location', name: venue.title, ...(venue.address === '' ? {} : { address: venue.address }), ...venue.location }];
  if (location) return [{ kind: 'location', latitude: location.latitude, longitude: location.longitude }];
  if (contact) return [cardOf(contact)];
  const odd = message.poll?.question ?? message.dice?.emoji ?? (message.story ? 'story' : undefined);
  return odd === undefined ? [] : [{ kind: 'other', name: odd }];
}

function cardOf({ first_name, last_name, phone_number }: NonNullable<TelegramMessage['contact']>): InboundAttachment {
  const name = [first_name, last_name].filter(Boolean).join(' ');
  return { kind: 'contact', name: name || phone_number, ...(phone_number === '' ? {} : { phone: phone_number }) };
}

function fromFile(kind: InboundAttachment['kind'], file: TelegramFile, name: string, mimeType: string): InboundAttachment {
  return {
    kind,
    providerFileId: file.file_id,
    name: file.file_name ?? name,
    mimeType: file.mime_type ?? mimeType,
    ...(file.file_size === undefined ? {} : { sizeBytes: file.file_size }),
    ...(file.duration === undefined ? {} : { durationSeconds: file.duration }),
  };
}
