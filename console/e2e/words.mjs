// Finds words of the wrong language, and keys that nobody translated.

/** Texts that people see or hear on the page; data of the market (marked) left out. */
export async function textsOf(page) {
  return page.evaluate(() => {
    const found = [];
    const isData = (element) => element.closest('[data-user-content], code.data, script, style') !== null;
    const isSeen = (element) => element.checkVisibility({ visibilityProperty: true, opacityProperty: false });
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const text = walker.currentNode.textContent?.trim();
      const element = walker.currentNode.parentElement;
      if (text && element && !isData(element) && isSeen(element)) found.push(text);
    }
    for (const element of document.querySelectorAll('[aria-label], [title], [placeholder], img[alt]')) {
      if (isData(element) || element.closest('.anticon') || !isSeen(element)) continue;
      for (const name of ['aria-label', 'title', 'placeholder', 'alt']) {
        const text = element.getAttribute(name)?.trim();
        if (text) found.push(text);
      }
    }
    found.push(document.title);
    return found;
  });
}

const han = /[\u3400-\u9fff]/;
const englishSentence = /\b[A-Za-z][a-z']+(?:[ ,]+[A-Za-z][a-z']+){2,}/;
const englishWord = /^[A-Z][a-z]{2,}(?: [a-z]+)?$/;
const bareKey = /(?:^|\s)[a-z_]+(?:\.[a-z_0-9]+)+(?:$|\s)/;
const placeLeft = /\{\w+\}/;

export function wrongIn(lang, texts) {
  const wrong = (text) => {
    if (bareKey.test(text) || placeLeft.test(text)) return true;
    return lang === 'en' ? han.test(text) : englishSentence.test(text) || englishWord.test(text);
  };
  return [...new Set(texts.filter(wrong))];
}
