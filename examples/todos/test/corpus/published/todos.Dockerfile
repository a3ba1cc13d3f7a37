FROM node:24-alpine
WORKDIR /app
COPY package.json ./
RUN npm install --omit=dev
COPY . .
ENV NODE_ENV=production
USER node
ENTRYPOINT ["node"]
CMD ["src/service.ts"]
