'use strict';
// The page works without this: here it is looked up while one types, and lines are added, without leaving the page.
{
    const PAUSE = 600;
    const form = document.getElementById('entry');
    let waiting;
    let lastLine;
    let papers;
    let busy = 0;
    let last = Promise.resolve();
    let isUnsaved = Boolean(form.querySelector('.errornote'));

    // One request after the other: looking writes, and takes back what it wrote, and would stand in its own way.
    function inTurn(task) {
        busy += 1;
        last = last.then(task)
            .catch(() => { document.getElementById('entry-failed').hidden = false; })
            .finally(() => { busy -= 1; });
        return last;
    }

    async function answer(act) {
        const body = new FormData(form);
        body.set('do', act);
        const response = await fetch(form.action, {method: 'POST', body, redirect: 'error'});
        const page = new DOMParser().parseFromString(await response.text(), 'text/html');
        if (!page.getElementById('entry')) {
            throw new Error(response.statusText);
        }
        document.getElementById('entry-failed').hidden = true;
        return page;
    }

    // What is told beside the lines, what is wrong with a box, and what is offered: never the boxes themselves.
    function show(page) {
        const said = [];
        for (const name of ['told', 'faults']) {
            for (const fresh of page.querySelectorAll(`[data-${name}]`)) {
                const shown = form.querySelector(`[data-${name}="${fresh.dataset[name]}"]`);
                if (shown && shown.innerHTML !== fresh.innerHTML) {
                    shown.innerHTML = fresh.innerHTML;
                    shown.parentElement.classList.toggle('errors', Boolean(shown.querySelector('.errorlist')));
                    said.push(...[...fresh.querySelectorAll('li')].map((each) => each.textContent));
                }
            }
        }
        for (const id of ['known', 'would', 'offers']) {
            const [fresh, shown] = [page.getElementById(id), document.getElementById(id)];
            if (shown.innerHTML !== fresh.innerHTML) {
                shown.innerHTML = fresh.innerHTML;
            }
        }
        form.querySelector(':scope > .errornote')?.remove();
        document.getElementById('entry-said').textContent = said.join(' ');
    }

    async function look() {
        show(await answer('check'));
    }

    function lookSoon() {
        isUnsaved = true;
        clearTimeout(waiting);
        waiting = setTimeout(() => inTurn(look), PAUSE);
    }

    // The server answers with the whole page; of it only the lines are taken that are not here yet.
    async function add(button) {
        const page = await answer(button.value);
        let added = null;
        for (const fresh of page.querySelectorAll('[data-lines]')) {
            const lines = form.querySelector(`[data-lines="${fresh.dataset.lines}"]`);
            for (const line of lines ? [...fresh.children] : []) {
                if (!document.getElementById(line.id)) {
                    lines.append(line);
                    added ||= line;
                }
            }
        }
        for (const fresh of page.querySelectorAll('[name$="-TOTAL_FORMS"]')) {
            form.elements[fresh.name].value = fresh.value;
        }
        if (papers !== form.querySelectorAll('.papers .line').length) {
            // Each line is asked anew which of the papers says it.
            for (const fresh of page.querySelectorAll('[data-by]')) {
                form.querySelector(`[data-by="${fresh.dataset.by}"]`).innerHTML = fresh.innerHTML;
            }
        }
        ready();
        show(page);
        isUnsaved = true;
        // Whoever types elsewhere by now goes on there.
        if ([button, document.body].includes(document.activeElement)) {
            added?.querySelector('input:not([type=hidden]), select, textarea').focus();
        }
    }

    function quote(button) {
        const text = document.getElementById(button.dataset.text);
        const chosen = text.value.slice(text.selectionStart, text.selectionEnd).trim().replace(/\s+/g, ' ');
        const box = (lastLine && document.getElementById(lastLine).querySelector('[name$="-excerpt"]'))
            || form.querySelector('[name$="-excerpt"]');
        if (chosen) {
            box.value = chosen;
            box.focus();
            lookSoon();
        }
    }

    function ready() {
        papers = form.querySelectorAll('.papers .line').length;
        for (const button of form.querySelectorAll('button.quote')) {
            button.hidden = false;
        }
    }

    document.addEventListener('input', (event) => event.target.form === form && lookSoon());
    document.addEventListener('focusin', (event) => {
        // On the way to the text one passes the paper's own boxes: of these only its quote counts.
        const line = event.target.name && event.target.closest('.line');
        const isPaper = line && line.closest('.papers') && !event.target.name.endsWith('-excerpt');
        if (line && !isPaper && line.querySelector('[name$="-excerpt"]')) {
            lastLine = line.id;
        }
    });
    document.addEventListener('click', (event) => {
        const button = event.target.closest('button');
        if (button?.matches('.quote')) {
            quote(button);
        } else if (button?.form === form && /^(add|same):/.test(button.value)) {
            event.preventDefault();
            clearTimeout(waiting);
            inTurn(() => add(button));
        }
    });
    form.addEventListener('submit', (event) => {
        clearTimeout(waiting);
        if (event.submitter?.value === 'check') {
            event.preventDefault();
            inTurn(look);
        } else if (busy) {
            event.preventDefault();
            last.then(() => form.requestSubmit(event.submitter));
        } else {
            isUnsaved = false;
        }
    });
    window.addEventListener('beforeunload', (event) => isUnsaved && event.preventDefault());
    ready();
}
