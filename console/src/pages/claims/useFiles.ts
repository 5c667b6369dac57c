import { useState } from 'react';

/** Files of evidence that are picked and not sent yet, with what a picker of them needs. */
export function useFiles() {
  const [files, setFiles] = useState<File[]>([]);
  const picker = {
    multiple: true,
    accept: 'image/*,video/*,audio/*,application/pdf,text/plain',
    beforeUpload: (file: File) => {
      setFiles((before) => [...before, file]);
      return false;
    },
    onRemove: (gone: { name: string }) => setFiles((before) => before.filter((file) => file.name !== gone.name)),
    fileList: files.map((file, i) => ({ uid: String(i), name: file.name, size: file.size })),
  };
  return { files, picker, clear: () => setFiles([]) };
}
